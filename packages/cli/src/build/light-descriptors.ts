import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { create, DescMessage } from "@bufbuild/protobuf";
import type { Plugin } from "esbuild";
import { describeTypes } from "./describe-types.ts";

/**
 * Lets a built program set up its protobuf-es schemas without setting up protobuf's own first.
 *
 * What protoc-gen-es generates holds a schema as a serialized FileDescriptorProto, and the library reads that as it
 * reads any message: by the descriptors of FileDescriptorProto and all that is in it, which it has to make at each
 * start. That takes ten times as long as all else that it does for a small schema. Here a table of these messages,
 * taken from the library that is built in, stands for their descriptors. What it leads to is the same, property by
 * property; what asks for the descriptors themselves still gets them, and pays for them then.
 */
export const lightDescriptors: Plugin = {
  name: "light-descriptors",
  setup(pass) {
    const filter = /[\\/]@bufbuild[\\/]protobuf[\\/]dist[\\/]esm[\\/]codegenv2[\\/]file\.js$/;
    pass.onLoad({ filter }, async ({ path }) => {
      const contents = await rewrite(path);
      return contents === undefined ? undefined : { contents, loader: "js" };
    });
  },
};

const schemaImport = /import \{ FileDescriptorProtoSchema \} from "(\.[^"]+)";/;
const readingCall = "fromBinary(FileDescriptorProtoSchema, base64Decode(b64))";

// A version of the library that does this in another way keeps its own.
async function rewrite(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8");
  const [statement, schemaPath] = schemaImport.exec(text) ?? [];
  if (statement === undefined || schemaPath === undefined || !text.includes(readingCall)) return undefined;
  const load = (relative: string) => import(pathToFileURL(resolve(dirname(path), relative)).href);
  const { FileDescriptorProtoSchema } = (await load(schemaPath)) as {
    FileDescriptorProtoSchema: DescMessage;
  };
  const library = (await load("../create.js")) as { create: typeof create };
  const table = describeTypes(FileDescriptorProtoSchema, library.create);
  if (table === undefined) return undefined;
  return text
    .replace(statement, () => `${reader}\nconst types = ${table};`)
    .replace(readingCall, "readMessage(new BinaryReader(base64Decode(b64)), types[0])");
}

// Does what `fromBinary` does, for the few kinds of fields that are in these messages. A type is its name, the values
// of fields that are not set, the names of its lists, and its fields by their numbers.
const reader = `
import { BinaryReader, WireType } from "../wire/binary-encoding.js";
function readMessage(reader, type, end = reader.len) {
  return readInto(newMessage(type), reader, type, end);
}
function newMessage([typeName, zero, lists]) {
  const message = Object.create(zero);
  message.$typeName = typeName;
  for (const list of lists) message[list] = [];
  return message;
}
function readInto(message, reader, [, , , fields], end) {
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
      const type = types[of];
      const length = reader.uint32();
      message[name] = readInto(message[name] ?? newMessage(type), reader, type, reader.pos + length);
      break;
    }
    case "messages": {
      const length = reader.uint32();
      message[name].push(readMessage(reader, types[of], reader.pos + length));
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
