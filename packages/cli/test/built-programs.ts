// Programs that the tests of `drawbar build` build.

/** Prints what it finds of the modules it imports, in every way of importing, and fails. */
export const programSource: string = `
import { existsSync } from "fs";
import path, { basename } from "node:path";
import * as os from "node:os";
import { isDeepStrictEqual as same } from "node:util";
import { fail } from "./fail.ts";

const { word } = await import("./late.ts");
const { named, default: whole } = await import("./old.cjs");
const found = {
  same: same([1], [1]),
  base: basename("/a/b"),
  joined: path.join("a", "b"),
  escaped: "ü😀".length === 3 && "\\x03".charCodeAt(0) === 3,
  more: Object.keys(os).length > 10 && "tmpdir" in (await import("node:os")),
  exists: existsSync(import.meta.filename),
  word,
  named,
  whole: whole.named === named,
  url: import.meta.url,
};
process.stdout.write(JSON.stringify(found));
fail({ why: "on purpose" });
`;

/** Where the error of the program above is thrown: line 6, column 9. */
export const failSource: string = `interface Reason {
  readonly why: string;
}

export function fail({ why }: Reason): never {
  throw new Error(why);
}
`;

/** A plugin beside its \`greeter_pb.ts\`, that leaves a file where one of its methods was called. */
export const greeterSource: string = `
import { writeFileSync } from "node:fs";
import { grpcPlugin, serve } from "drawbar";
import { Greeter } from "./greeter_pb.ts";

await serve({
  handshake: { protocolVersion: 3, magicCookieKey: "GREETER", magicCookieValue: "yes" },
  plugins: {
    greeter: grpcPlugin(Greeter).implement({
      greet: ({ name }) => {
        writeFileSync("calls", "greet");
        return { text: "Hello, " + name + "!" };
      },
    }),
  },
});
`;

/**
 * Prints every property of every descriptor that comes with protobuf-es, and of one that has what these lack; those of
 * prototypes too.
 */
export const schemasSource: string = `
import { create, toBinary } from "@bufbuild/protobuf";
import { fileDesc } from "@bufbuild/protobuf/codegenv2";
import * as wkt from "@bufbuild/protobuf/wkt";

const odd = create(wkt.FileDescriptorProtoSchema, {
  name: "odd.proto",
  package: "odd",
  syntax: "proto2",
  options: { goPackage: "odd", optimizeFor: 2, uninterpretedOption: [{ doubleValue: 1.5, positiveIntValue: 7n,
    negativeIntValue: -7n, stringValue: new Uint8Array([1]), name: [{ namePart: "a", isExtension: true }] }] },
  messageType: [{
    name: "Odd",
    field: [
      { name: "with_default", number: 1, label: 1, type: 9, defaultValue: "é", jsonName: "other" },
      { name: "in_oneof", number: 2, label: 1, type: 5, oneofIndex: 0 },
      { name: "mapped", number: 3, label: 3, type: 11, typeName: ".odd.Odd.MappedEntry" },
      { name: "packed", number: 4, label: 3, type: 5, options: { packed: true, deprecated: true } },
      { name: "constructor", number: 5, label: 2, type: 14, typeName: ".odd.E" },
      { name: "group", number: 6, label: 1, type: 10, typeName: ".odd.Odd.Group" },
    ],
    oneofDecl: [{ name: "choice" }],
    nestedType: [
      { name: "MappedEntry", options: { mapEntry: true }, field: [
        { name: "key", number: 1, label: 1, type: 9 }, { name: "value", number: 2, label: 1, type: 3 } ] },
      { name: "Group", field: [{ name: "g", number: 1, label: 1, type: 8 }] },
    ],
    extensionRange: [{ start: 100, end: 200 }],
    reservedRange: [{ start: 9, end: 10 }],
    reservedName: ["gone"],
  }],
  enumType: [{ name: "E", value: [{ name: "E_A", number: 0 }, { name: "E_B", number: -1 }] }],
  extension: [{ name: "ext", number: 100, label: 1, type: 9, extendee: ".odd.Odd" }],
  service: [{ name: "S", method: [{ name: "Do", inputType: ".odd.Odd", outputType: ".odd.Odd", serverStreaming: true,
    options: { idempotencyLevel: 1 } }] }],
  sourceCodeInfo: { location: [{ path: [4, 0], span: [1, 2, 3], leadingComments: "c" }] },
});
// What no version of the library knows: a field, and a value of an enumeration that has others.
odd.options.$unknown = [{ no: 50000, wireType: 0, data: new Uint8Array([5]) }];
odd.messageType[0].field[3].options.$unknown = [{ no: 1, wireType: 0, data: new Uint8Array([99]) }];
const text = (message) => Buffer.from(toBinary(wkt.FileDescriptorProtoSchema, message)).toString("base64");
const twice = Buffer.concat([Buffer.from(text(odd), "base64"), Buffer.from(text(create(wkt.FileDescriptorProtoSchema, {
  options: { javaPackage: "merged" } })), "base64")]).toString("base64");

const lines = [];
const seen = new Set();
function show(name, value) {
  if (typeof value === "bigint") lines.push(name + " " + value + "n");
  else if (typeof value === "function")
    lines.push(name + " = " + String(name.endsWith("toString") ? "" : value()));
  else if (value === null || typeof value !== "object") lines.push(name + " " + JSON.stringify(value));
  else if (seen.has(value)) lines.push(name + " -> " + (value.kind ? String(value) : value.$typeName));
  else {
    seen.add(value);
    lines.push(name + " {" + (Array.isArray(value) ? value.length : value.kind ? String(value) : ""));
    for (const [key, one] of Object.entries(value)) show(name + "." + key, one);
    const parent = Object.getPrototypeOf(value);
    if (value.$typeName) for (const [key, one] of Object.entries(parent)) show(name + "^" + key, one);
  }
}
for (const [name, value] of Object.entries(wkt)) if (name.startsWith("file_")) show(name, value);
show("odd", fileDesc(twice));
// As protoc-gen-es writes it: a message with a field; and the same in a file with an option of somebody's own, which no
// JSON can hold.
show("plain", fileDesc("CgxjdXN0b20ucHJvdG8SBmN1c3RvbSIQCgFNEgsKA2FfYhgBIAEoCUIDWgFjYgZwcm90bzM"));
show("custom", fileDesc("CgxjdXN0b20ucHJvdG8SBmN1c3RvbSIQCgFNEgsKA2FfYhgBIAEoCUIHWgFjgLUYBWIGcHJvdG8z"));
process.stdout.write(lines.join("\\n"));
`;
