import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { create, DescMessage, fromBinary, Message } from "@bufbuild/protobuf";
import type { OutputFile, Plugin } from "esbuild";
import { type DescribedTypes, describeTypes } from "./describe-types.ts";
import { messageLiteral } from "./descriptor-literal.ts";

/**
 * Lets a built program set up its protobuf-es schemas without setting up protobuf's own first.
 *
 * What protoc-gen-es generates holds a schema as a serialized FileDescriptorProto, and the library reads that as it
 * reads any message: by the descriptors of FileDescriptorProto and all that is in it, which it has to make at each
 * start. That takes ten times as long as all else that it does for a small schema. Here schemas are read when a program
 * is built, by the library that is built in, and are in the program as JSON. Those that JSON cannot hold, and those that
 * the program comes by otherwise, are read by a table of these messages. What both lead to is the same, property by
 * property; what asks for the descriptors themselves still gets them, and pays for them then.
 */
export const lightDescriptors: Plugin = {
  name: "light-descriptors",
  setup(pass) {
    const filter = /[\\/]@bufbuild[\\/]protobuf[\\/]dist[\\/]esm[\\/]codegenv2[\\/]file\.js$/;
    const libraries = new Map<string, Library>();
    pass.onStart(() => libraries.clear());
    pass.onLoad({ filter }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const library = await loadLibrary(path, text);
      if (library === undefined) return undefined;
      libraries.set(path, library);
      return { contents: rewrite(text, library.described), loader: "js" };
    });
    pass.onEnd(({ outputFiles = [] }) => {
      const [library, another] = libraries.values();
      // Of two versions, none knows which schemas are its own.
      if (library === undefined || another !== undefined) return;
      for (const file of outputFiles) readSchemas(file, library);
    });
  },
};

/** What is needed of the protobuf-es that is built in. */
interface Library {
  readonly described: DescribedTypes;
  /** Reads what protoc-gen-es puts into a call of `fileDesc`. */
  readonly read: (schema: Uint8Array) => Message;
}

const schemaImport = /import \{ FileDescriptorProtoSchema \} from "(\.[^"]+)";/;
const readingCall = "fromBinary(FileDescriptorProtoSchema, base64Decode(b64))";

// A version of the library that does this in another way keeps its own.
async function loadLibrary(path: string, text: string): Promise<Library | undefined> {
  const schemaPath = schemaImport.exec(text)?.[1];
  if (schemaPath === undefined || !text.includes(readingCall)) return undefined;
  const load = (relative: string) => import(pathToFileURL(resolve(dirname(path), relative)).href);
  const { FileDescriptorProtoSchema: schema } = (await load(schemaPath)) as {
    FileDescriptorProtoSchema: DescMessage;
  };
  const library = {
    ...((await load("../create.js")) as { create: typeof create }),
    ...((await load("../from-binary.js")) as { fromBinary: typeof fromBinary }),
  };
  const described = describeTypes(schema, library.create);
  if (described === undefined) return undefined;
  return { described, read: (bytes) => library.fromBinary(schema, bytes) };
}

function rewrite(text: string, { types, fields }: DescribedTypes): string {
  return text
    .replace(schemaImport, () => reader(types, fields))
    .replace(
      readingCall,
      'b64[0] === "{" ? revive(JSON.parse(b64)) : readMessage(new BinaryReader(base64Decode(b64)), 0)',
    );
}

// As protoc-gen-es writes it, and the compiler again.
const schemaCall = /\b(fileDesc\d*\()"([A-Za-z0-9+/]+={0,2})"/g;

function readSchemas(file: OutputFile, library: Library): void {
  if (!file.text.includes("fileDesc")) return;
  const text = file.text.replace(schemaCall, (whole, call: string, base64: string) => {
    const json = schemaJson(base64, library);
    return json === undefined ? whole : `${call}${JSON.stringify(json)}`;
  });
  file.contents = Buffer.from(text);
}

function schemaJson(base64: string, { read, described }: Library): string | undefined {
  try {
    return messageLiteral(read(Buffer.from(base64, "base64")), described.names);
  } catch {
    // A function of the program's own by that name.
    return undefined;
  }
}

// Does what `fromBinary` does, for the few kinds of fields that are in these messages.
const reader = (types: string, fields: string): string => `
import { BinaryReader, WireType } from "../wire/binary-encoding.js";
const types = ${types};
let fields;
function fieldsOf(type) {
  fields ??= ${fields};
  return fields[type];
}
function newMessage(type) {
  const [typeName, zero, lists] = types[type];
  const message = Object.create(zero);
  message.$typeName = typeName;
  for (let i = 0; i < lists.length; i++) message[lists[i]] = [];
  return message;
}
function revive(plain) {
  const message = newMessage(plain.$);
  for (const name in plain) if (name !== "$") message[name] = reviveValue(plain[name]);
  return message;
}
function reviveValue(value) {
  if (typeof value !== "object") return value;
  if (!Array.isArray(value)) return revive(value);
  for (let i = 0; i < value.length; i++) value[i] = reviveValue(value[i]);
  return value;
}
function readMessage(reader, type, end = reader.len) {
  return readInto(newMessage(type), reader, fieldsOf(type), end);
}
function readInto(message, reader, fields, end) {
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (field === undefined) addUnknown(message, number, wireType, reader.skip(wireType, number));
    else readField(message, reader, field, number, wireType);
  }
  return message;
}
function readField(message, reader, [kind, name, of, argument], number, wireType) {
  switch (kind) {
    case "scalar":
      message[name] = reader[of](argument);
      break;
    case "enum": {
      const start = reader.pos;
      const value = reader.int32();
      if (of.includes(value)) message[name] = value;
      else addUnknown(message, number, wireType, reader.buf.slice(start, reader.pos));
      break;
    }
    case "message": {
      const length = reader.uint32();
      message[name] = readInto(message[name] ?? newMessage(of), reader, fieldsOf(of), reader.pos + length);
      break;
    }
    case "messages": {
      const length = reader.uint32();
      message[name].push(readMessage(reader, of, reader.pos + length));
      break;
    }
    case "scalars":
      if (wireType === WireType.LengthDelimited && of !== "string") {
        const length = reader.uint32();
        for (const end = reader.pos + length; reader.pos < end; ) message[name].push(reader[of](argument));
      } else message[name].push(reader[of](argument));
  }
}
function addUnknown(message, no, wireType, data) {
  (message.$unknown ??= []).push({ no, wireType, data });
}`;
