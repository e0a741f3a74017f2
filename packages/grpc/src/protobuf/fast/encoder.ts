import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { bail, type Fields } from "./bail.ts";
import type { Output } from "./output.ts";
import { isZero, scalarWireType, scalarWriter, type WriteValue } from "./write-scalar.ts";

type WriteField = (out: Output, message: Fields) => void;

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT.
const implicit = 2;

/** Writes messages of one type, given as messages or as what `create` would take. */
export class Encoder {
  readonly #typeName: string;
  #fields: readonly WriteField[] = [];

  constructor(desc: DescMessage, known: Map<DescMessage, Encoder>) {
    this.#typeName = desc.typeName;
    // Before the fields are looked at: a message may contain itself.
    known.set(desc, this);
    const sorted = [...desc.fields].sort((a, b) => a.number - b.number);
    this.#fields = sorted.map((field) =>
      compileField(field, (inner) => known.get(inner) ?? new Encoder(inner, known)),
    );
  }

  /** Writes the message without its length. Throws Bail. */
  write(out: Output, value: unknown): void {
    if (typeof value !== "object" || value === null) bail();
    const message = value as Fields;
    const typeName = message["$typeName"];
    if (typeName !== undefined && typeName !== this.#typeName) bail();
    if (message["$unknown"] !== undefined) bail();
    for (let i = 0; i < this.#fields.length; i++) this.#fields[i]?.(out, message);
  }

  /** Writes the message with its length before it. */
  readonly writeDelimited: WriteValue = (out, value) => {
    const fork = out.fork();
    this.write(out, value);
    out.join(fork);
  };
}

type FindEncoder = (desc: DescMessage) => Encoder;

function compileField(field: DescField, encoderOf: FindEncoder): WriteField {
  switch (field.fieldKind) {
    case "list":
      return compileList(field, encoderOf);
    case "map":
      return compileMap(field, encoderOf);
    default:
      return compileSingular(field, encoderOf);
  }
}

function compileSingular(
  field: DescField & { fieldKind: "scalar" | "enum" | "message" },
  encoderOf: FindEncoder,
): WriteField {
  const name = field.localName;
  const [tag, write] = valueWriter(field.number, field.fieldKind, field.scalar, field.message, encoderOf);
  if (field.oneof !== undefined) {
    const group = field.oneof.localName;
    return (out, message) => {
      const oneof = message[group] as { case?: unknown; value?: unknown } | undefined;
      if (oneof === undefined || oneof === null || oneof.case !== name) return;
      out.varint(tag);
      write(out, oneof.value);
    };
  }
  const leavesZero = field.fieldKind !== "message" && field.presence === implicit;
  return (out, message) => {
    const value = message[name];
    if (value === undefined || value === null || (leavesZero && isZero(value))) return;
    out.varint(tag);
    write(out, value);
  };
}

function compileList(field: DescField & { fieldKind: "list" }, encoderOf: FindEncoder): WriteField {
  const name = field.localName;
  const [tag, write] = valueWriter(field.number, field.listKind, field.scalar, field.message, encoderOf);
  if (!field.packed) {
    return (out, message) => {
      for (const item of itemsOf(message[name])) {
        out.varint(tag);
        write(out, item);
      }
    };
  }
  const packedTag = field.number * 8 + 2;
  return (out, message) => {
    const items = itemsOf(message[name]);
    if (items.length === 0) return;
    out.varint(packedTag);
    const fork = out.fork();
    for (const item of items) write(out, item);
    out.join(fork);
  };
}

const none: readonly unknown[] = [];

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return none;
  return Array.isArray(value) ? value : bail();
}

// An entry is a message with the key in field 1 and the value in field 2.
function compileMap(field: DescField & { fieldKind: "map" }, encoderOf: FindEncoder): WriteField {
  const name = field.localName;
  const tag = field.number * 8 + 2;
  const [keyTag, writeKey] = valueWriter(1, "scalar", field.mapKey, undefined, encoderOf);
  const [valueTag, writeValue] = valueWriter(2, field.mapKind, field.scalar, field.message, encoderOf);
  const toKey = keyReader(field.mapKey);
  return (out, message) => {
    const record = message[name];
    if (record === undefined || record === null) return;
    if (typeof record !== "object") bail();
    for (const key of Object.keys(record)) {
      out.varint(tag);
      const fork = out.fork();
      out.varint(keyTag);
      writeKey(out, toKey(key));
      out.varint(valueTag);
      writeValue(out, (record as Fields)[key]);
      out.join(fork);
    }
  };
}

// Objects keep their keys as text. 64-bit and boolean keys are rare enough for the library.
function keyReader(type: ScalarType): (key: string) => unknown {
  if (type === ScalarType.STRING) return (key) => key;
  const isNumber = scalarWireType(type) !== 1 && !rareKeys.has(type);
  return isNumber ? (key) => (String(Number(key)) === key ? Number(key) : bail()) : () => bail();
}

const rareKeys: ReadonlySet<ScalarType> = new Set([
  ScalarType.BOOL,
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
]);

function valueWriter(
  number: number,
  kind: "scalar" | "enum" | "message",
  scalar: ScalarType | undefined,
  message: DescMessage | undefined,
  encoderOf: FindEncoder,
): [tag: number, write: WriteValue] {
  if (kind === "message" && message !== undefined) return [number * 8 + 2, encoderOf(message).writeDelimited];
  const type = kind === "enum" || scalar === undefined ? ScalarType.INT32 : scalar;
  return [number * 8 + scalarWireType(type), scalarWriter(type)];
}
