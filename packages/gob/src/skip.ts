import { readInterfaceTypeId, readSingletonMark, readTypeName } from "./decode-stream.ts";
import type { Fault } from "./fault.ts";
import type { Reader } from "./reader.ts";
import type { StreamTypes } from "./stream-types.ts";
import type { BasicName, WireType } from "./wire-type.ts";

/** Passes over a value at the top of a message or in an interface. */
export function skipTop(r: Reader, id: number, types: StreamTypes): void {
  if (typeOf(r, id, types).kind !== "struct") readSingletonMark(r);
  skipValue(r, id, types);
}

/** Passes over a value of the type, recording the types that interface values in it define. */
export function skipValue(r: Reader, id: number, types: StreamTypes): void {
  const type = typeOf(r, id, types);
  if (type.kind === "basic") {
    skipBasic(r, type.name, types);
    return;
  }
  r.enter();
  skipComposite(r, type, types);
  r.leave();
}

function typeOf(r: Reader, id: number, types: StreamTypes): WireType {
  const type = types.get(id);
  if (type === undefined)
    throw r.fault("gob-type", `a value of type ${id}, which the stream has not defined`);
  return type;
}

function skipBasic(r: Reader, name: BasicName, types: StreamTypes): void {
  switch (name) {
    case "bool":
    case "int":
    case "uint":
    case "float":
      r.skipUint();
      return;
    case "complex":
      r.skipUint();
      r.skipUint();
      return;
    case "bytes":
    case "string":
      r.counted();
      return;
    case "interface":
      r.enter();
      skipInterface(r, types);
      r.leave();
      return;
    default:
      throw new TypeError(`gob: no such type as ${name satisfies never}`);
  }
}

// Go passes over the announced length, and loses its way when the value defines types within. Walking
// the value does not.
function skipInterface(r: Reader, types: StreamTypes): void {
  if (readTypeName(r) === "") return;
  const id = readInterfaceTypeId(r, types);
  r.uint();
  skipTop(r, id, types);
}

function skipComposite(r: Reader, type: Exclude<WireType, { kind: "basic" }>, types: StreamTypes): void {
  switch (type.kind) {
    case "struct":
      skipStruct(r, type, types);
      return;
    case "codec":
      r.counted();
      return;
    case "map":
      for (let left = r.count(2, true); left > 0; left--) {
        skipValue(r, type.key, types);
        skipValue(r, type.element, types);
      }
      return;
    default:
      skipElements(r, type, types);
  }
}

function skipElements(r: Reader, type: Extract<WireType, { element: number }>, types: StreamTypes): void {
  const count = r.count(1, true);
  if (type.kind === "array" && count !== type.length) throw wrongArrayLength(r, type.length, count);
  for (let left = count; left > 0; left--) skipValue(r, type.element, types);
}

/** An array's length is part of its type; it is sent again with every value. */
export function wrongArrayLength(r: Reader, expected: number, count: number): Fault {
  return r.fault("gob-corrupt", `an array of ${expected} elements was sent with ${count}`);
}

function skipStruct(r: Reader, type: Extract<WireType, { kind: "struct" }>, types: StreamTypes): void {
  let field = -1;
  for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
    field += delta;
    const wire = type.fields[field];
    if (wire === undefined) throw noSuchField(r, type.name, field);
    skipValue(r, wire.type, types);
  }
}

/** A field number that the struct's type does not have. */
export function noSuchField(r: Reader, struct: string, field: number): Fault {
  return r.fault("gob-corrupt", `field number ${field} is not in type ${struct}`);
}
