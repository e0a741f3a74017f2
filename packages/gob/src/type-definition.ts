import type { Reader } from "./reader.ts";
import type { CodecMethod, Definition, WireField } from "./wire-type.ts";
import type { Writer } from "./writer.ts";

// Field numbers of Go's wireType, in which exactly one field is set.
const kinds = ["array", "slice", "struct", "map", "gob", "binary", "text"] as const;

/** Writes the definition's value (without its id): the one field of wireType that is set. */
export function writeTypeDefinition(w: Writer, type: Definition): void {
  const kind = type.kind === "codec" ? type.method : type.kind;
  w.uint(kinds.indexOf(kind) + 1);
  writeCommon(w, type.name, type.id);
  switch (type.kind) {
    case "array":
      writeInt(w, 1, type.element);
      // A zero length is a zero field: not sent.
      if (type.length !== 0) writeInt(w, 1, type.length);
      break;
    case "slice":
      writeInt(w, 1, type.element);
      break;
    case "map":
      writeInt(w, 1, type.key);
      writeInt(w, 1, type.element);
      break;
    case "struct":
      if (type.fields.length > 0) writeFields(w, type.fields);
      break;
    case "codec":
      break;
    default:
      throw new TypeError(`gob: no definition of ${type satisfies never}`);
  }
  w.byte(0);
  w.byte(0);
}

function writeCommon(w: Writer, name: string, id: number): void {
  w.byte(1);
  let delta = 2;
  if (name !== "") {
    w.byte(1);
    w.string(name);
    delta = 1;
  }
  writeInt(w, delta, id);
  w.byte(0);
}

function writeFields(w: Writer, fields: readonly WireField[]): void {
  w.byte(1);
  w.uint(fields.length);
  for (const field of fields) {
    w.byte(1);
    w.string(field.name);
    writeInt(w, 1, field.type);
    w.byte(0);
  }
}

function writeInt(w: Writer, delta: number, value: number): void {
  w.byte(delta);
  w.int(value);
}

interface Draft {
  name: string;
  numbers: number[];
  fields: WireField[];
}

/** Reads the definition that follows its (negative) id. */
export function readTypeDefinition(r: Reader, id: number): Definition {
  let kind: (typeof kinds)[number] | undefined;
  const draft: Draft = { name: "", numbers: [0, 0], fields: [] };
  eachField(r, kinds.length, (field) => {
    if (kind !== undefined) throw r.fault("gob-corrupt", "a type definition of two kinds");
    kind = kinds[field];
    readDescription(r, kind === "struct", draft);
  });
  if (kind === undefined) throw r.fault("gob-corrupt", "an empty type definition");
  return finish(r, id, kind, draft);
}

function finish(r: Reader, id: number, kind: (typeof kinds)[number], draft: Draft): Definition {
  const { name, fields } = draft;
  const [first = 0, second = 0] = draft.numbers;
  switch (kind) {
    case "array":
      if (second < 0) throw r.fault("gob-corrupt", `an array type of length ${second}`);
      return { kind, id, name, element: first, length: second };
    case "slice":
      return { kind, id, name, element: first };
    case "struct":
      return { kind, id, name, fields };
    case "map":
      return { kind, id, name, key: first, element: second };
    default:
      return { kind: "codec", id, name, method: kind satisfies CodecMethod };
  }
}

// CommonType first, then the kind's own fields: ids and lengths, or a struct's list of fields.
function readDescription(r: Reader, isStruct: boolean, draft: Draft): void {
  eachField(r, isStruct ? 2 : 3, (field) => {
    if (field === 0) draft.name = readNamed(r).name;
    else if (isStruct) draft.fields = readFields(r);
    else draft.numbers[field - 1] = r.int();
  });
}

function readFields(r: Reader): WireField[] {
  const count = r.count(1, false);
  const fields: WireField[] = [];
  for (let i = 0; i < count; i++) {
    const { name, number } = readNamed(r);
    if (name === "") throw r.fault("gob-corrupt", "a struct type with a nameless field");
    fields.push({ name, type: number });
  }
  return fields;
}

// CommonType and fieldType are alike: a name and an id.
function readNamed(r: Reader): { name: string; number: number } {
  const named = { name: "", number: 0 };
  eachField(r, 2, (field) => {
    if (field === 0) named.name = r.string();
    else named.number = r.int();
  });
  return named;
}

function eachField(r: Reader, count: number, read: (field: number) => void): void {
  let field = -1;
  for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
    field += delta;
    if (field >= count) throw r.fault("gob-corrupt", `field number ${field} in a type definition`);
    read(field);
  }
}
