import { type DecodeStream, readInterfaceTypeId, readSingletonMark, readTypeName } from "./decode-stream.ts";
import { toFault } from "./fault.ts";
import { type Reader, starved } from "./reader.ts";
import { noSuchField, wrongArrayLength } from "./skip.ts";
import type { BasicName, CodecMethod, Definition, WireType } from "./wire-type.ts";

/** A value of a type with a codec, decoded without one. */
export interface EncodedValue {
  /** The wire's name of the type: `Time` for time.Time, `Int` for big.Int. */
  readonly name: string;
  readonly method: CodecMethod;
  readonly bytes: Uint8Array;
}

/**
 * Decodes by the wire type alone, into plain values: numbers (bigint where a number would not be
 * exact), strings, Uint8Array, `{ re, im }`, arrays, Map, objects, EncodedValue, and
 * `{ type, value }` for interfaces. Fields that were not sent are zero, or null where the wire does not
 * tell a zero value from a nil pointer.
 */
export function decodeAnyTop(r: Reader, stream: DecodeStream, id: number): unknown {
  if (typeOf(r, stream, id).kind !== "struct") readSingletonMark(r);
  return decodeAny(r, stream, id);
}

function typeOf(r: Reader, stream: DecodeStream, id: number): WireType {
  const type = stream.types.get(id);
  if (type === undefined)
    throw r.fault("gob-type", `a value of type ${id}, which the stream has not defined`);
  return type;
}

function decodeAny(r: Reader, stream: DecodeStream, id: number): unknown {
  const type = typeOf(r, stream, id);
  if (type.kind === "basic" && type.name !== "interface") return readBasic(r, type.name);
  r.enter();
  const value = type.kind === "basic" ? readInterface(r, stream) : readDefined(r, stream, type);
  r.leave();
  return value;
}

function readBasic(r: Reader, name: Exclude<BasicName, "interface">): unknown {
  switch (name) {
    case "bool":
      return r.uint() !== 0;
    case "int":
      return exact(r.bigInt());
    case "uint":
      return exact(r.bigUint());
    case "float":
      return r.float();
    case "complex":
      return { re: r.float(), im: r.float() };
    case "string":
      return r.string();
    case "bytes":
      return r.ownBytes();
    default:
      return name satisfies never;
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readInterface(r: Reader, stream: DecodeStream): unknown {
  const type = readTypeName(r);
  if (type === "") return null;
  const id = readInterfaceTypeId(r, stream.types);
  r.uint();
  return { type, value: decodeAnyTop(r, stream, id) };
}

function readDefined(r: Reader, stream: DecodeStream, type: Definition): unknown {
  switch (type.kind) {
    case "struct":
      return readStruct(r, stream, type);
    case "codec":
      return { name: type.name, method: type.method, bytes: r.ownBytes() } satisfies EncodedValue;
    case "map":
      return readMap(r, stream, type);
    default:
      return readList(r, stream, type);
  }
}

function readList(r: Reader, stream: DecodeStream, type: Definition & { element: number }): unknown[] {
  const count = r.count(1, stream.types.canSpread(type.element));
  if (type.kind === "array" && count !== type.length) throw wrongArrayLength(r, type.length, count);
  const list: unknown[] = [];
  try {
    while (list.length < count) list.push(decodeAny(r, stream, type.element));
  } catch (thrown) {
    if (thrown === starved) throw thrown;
    throw toFault(thrown).within(`[${list.length}]`, type.name);
  }
  return list;
}

function readMap(r: Reader, stream: DecodeStream, type: Definition & { kind: "map" }): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  const count = r.count(2, stream.types.canSpread(type.key) || stream.types.canSpread(type.element));
  let at = 0;
  try {
    for (; at < count; at++) map.set(decodeAny(r, stream, type.key), decodeAny(r, stream, type.element));
  } catch (thrown) {
    if (thrown === starved) throw thrown;
    throw toFault(thrown).within(`[entry ${at}]`, type.name);
  }
  return map;
}

function readStruct(r: Reader, stream: DecodeStream, type: Definition & { kind: "struct" }): object {
  // Zero fields take no bytes of the input: they count, so that little input cannot fill memory.
  r.spend(type.fields.length);
  const object: Record<string, unknown> = {};
  for (const field of type.fields) define(object, field.name, zeroOf(stream, field.type));
  let at = -1;
  try {
    for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
      at += delta;
      const field = type.fields[at];
      if (field === undefined) throw noSuchField(r, type.name, at);
      define(object, field.name, decodeAny(r, stream, field.type));
    }
  } catch (thrown) {
    if (thrown === starved) throw thrown;
    throw toFault(thrown).within(`.${type.fields[at]?.name ?? "?"}`, type.name);
  }
  return object;
}

// The wire may name a field `__proto__`.
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function zeroOf(stream: DecodeStream, id: number): unknown {
  const type = stream.types.get(id);
  if (type?.kind === "slice") return [];
  if (type?.kind !== "basic") return null;
  switch (type.name) {
    case "bool":
      return false;
    case "int":
    case "uint":
    case "float":
      return 0;
    case "complex":
      return { re: 0, im: 0 };
    case "string":
      return "";
    case "bytes":
      return new Uint8Array(0);
    case "interface":
      return null;
    default:
      return type satisfies never;
  }
}
