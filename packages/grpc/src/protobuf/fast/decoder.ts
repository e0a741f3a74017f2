import { create, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { bail, type Fields } from "./bail.ts";
import type { Input } from "./input.ts";
import { type ReadValue, scalarReader } from "./read-scalar.ts";
import { scalarWireType } from "./write-scalar.ts";

type ReadField = (input: Input, message: Fields) => void;

// The library follows messages within messages to a depth of 100 and says so beyond it.
const deepest = 90;

/** Reads messages of one type. */
export class Decoder {
  readonly #template: Fields;
  // Members that every message has of its own, by what they start as.
  readonly #lists: readonly string[];
  readonly #maps: readonly string[];
  readonly #oneofs: readonly string[];
  // By tag: an unexpected wire type is then as unknown as an unexpected field.
  readonly #shortTags: (ReadField | undefined)[] = new Array<ReadField | undefined>(128).fill(undefined);
  readonly #longTags = new Map<number, ReadField>();

  constructor(desc: DescMessage, known: Map<DescMessage, Decoder>) {
    this.#template = { ...create(desc) };
    this.#lists = desc.fields.filter((field) => field.fieldKind === "list").map((field) => field.localName);
    this.#maps = desc.fields.filter((field) => field.fieldKind === "map").map((field) => field.localName);
    this.#oneofs = desc.oneofs.map((oneof) => oneof.localName);
    // Before the fields are looked at: a message may contain itself.
    known.set(desc, this);
    for (const field of desc.fields) {
      this.#addField(field, (inner) => known.get(inner) ?? new Decoder(inner, known));
    }
  }

  /** Reads the message that ends at `end`. Throws Bail. */
  read(input: Input, end: number, depth: number): Fields {
    if (depth > deepest) bail();
    const message = this.#make();
    input.depth = depth;
    while (input.position < end) {
      const tag = input.varint();
      const read = tag < 128 ? this.#shortTags[tag] : this.#longTags.get(tag);
      if (read === undefined) bail();
      read(input, message);
    }
    return input.position === end ? message : bail();
  }

  #make(): Fields {
    const message = { ...this.#template };
    for (let i = 0; i < this.#lists.length; i++) message[this.#lists[i] as string] = [];
    for (let i = 0; i < this.#maps.length; i++) message[this.#maps[i] as string] = {};
    for (let i = 0; i < this.#oneofs.length; i++) message[this.#oneofs[i] as string] = { case: undefined };
    return message;
  }

  #addField(field: DescField, decoderOf: FindDecoder): void {
    switch (field.fieldKind) {
      case "list":
        this.#addList(field, decoderOf);
        return;
      case "map":
        this.#add(field.number * 8 + 2, readMap(field, decoderOf));
        return;
      default: {
        const [wireType, read] = valueReader(field.fieldKind, field.scalar, field.message, decoderOf);
        this.#add(field.number * 8 + wireType, readSingular(field, read));
      }
    }
  }

  // Numbers may come one by one or packed together, however they are declared.
  #addList(field: DescField & { fieldKind: "list" }, decoderOf: FindDecoder): void {
    const name = field.localName;
    const [wireType, read] = valueReader(field.listKind, field.scalar, field.message, decoderOf);
    this.#add(field.number * 8 + wireType, (input, message) => {
      (message[name] as unknown[]).push(read(input));
    });
    if (wireType === 2) return;
    this.#add(field.number * 8 + 2, (input, message) => {
      const items = message[name] as unknown[];
      const end = input.end();
      while (input.position < end) items.push(read(input));
      if (input.position !== end) bail();
    });
  }

  #add(tag: number, read: ReadField): void {
    if (tag < 128) this.#shortTags[tag] = read;
    else this.#longTags.set(tag, read);
  }
}

type FindDecoder = (desc: DescMessage) => Decoder;

function readSingular(field: DescField, read: ReadValue): ReadField {
  const name = field.localName;
  const isMessage = field.fieldKind === "message";
  if (field.oneof !== undefined) {
    const group = field.oneof.localName;
    return (input, message) => {
      // A message that comes twice is merged, which is left to the library.
      if (isMessage && (message[group] as { case: unknown }).case !== undefined) bail();
      message[group] = { case: name, value: read(input) };
    };
  }
  if (!isMessage) {
    return (input, message) => {
      message[name] = read(input);
    };
  }
  return (input, message) => {
    if (message[name] !== undefined) bail();
    message[name] = read(input);
  };
}

// An entry whose two parts are not both there, in order, is left to the library.
function readMap(field: DescField & { fieldKind: "map" }, decoderOf: FindDecoder): ReadField {
  const name = field.localName;
  const [keyWireType, readKey] = valueReader("scalar", field.mapKey, undefined, decoderOf);
  const [valueWireType, readValue] = valueReader(field.mapKind, field.scalar, field.message, decoderOf);
  return (input, message) => {
    const end = input.end();
    if (input.varint() !== 8 + keyWireType) bail();
    const key = String(readKey(input));
    if (input.varint() !== 16 + valueWireType || key === "__proto__") bail();
    (message[name] as Fields)[key] = readValue(input);
    if (input.position !== end) bail();
  };
}

function valueReader(
  kind: "scalar" | "enum" | "message",
  scalar: ScalarType | undefined,
  message: DescMessage | undefined,
  decoderOf: FindDecoder,
): [wireType: number, read: ReadValue] {
  if (kind === "message" && message !== undefined) {
    const decoder = decoderOf(message);
    return [2, (input) => readInner(decoder, input)];
  }
  const type = kind === "enum" || scalar === undefined ? ScalarType.INT32 : scalar;
  return [scalarWireType(type), scalarReader(type)];
}

function readInner(decoder: Decoder, input: Input): Fields {
  const { depth } = input;
  const message = decoder.read(input, input.end(), depth + 1);
  input.depth = depth;
  return message;
}
