import type { Codec } from "./codec.ts";
import type { EncodedValue } from "./decode-any.ts";
import { Decoder, type DecoderOptions, pending } from "./decoder.ts";
import { bigInt } from "./go-big-int.ts";
import { time } from "./go-time.ts";
import { url } from "./go-url.ts";
import { GobError } from "./gob-error.ts";
import { type AnySchema, nodeOf } from "./schema.ts";
import type { WireType } from "./wire-type.ts";

/**
 * A gob stream in readable form: each type definition and each value, with where it is. What cannot be
 * decoded ends the text with the error; nothing is thrown.
 */
export function inspect(bytes: Uint8Array, options: Omit<DecoderOptions, "registry"> = {}): string {
  const decoder = new Decoder({ ...options, unregistered: "decode" });
  const lines: string[] = [];
  decoder.push(bytes);
  try {
    while (inspectValue(decoder, bytes.length, lines)) {
      // One value after the other.
    }
    decoder.end();
  } catch (error) {
    if (!(error instanceof GobError)) throw error;
    lines.push(`error ${error.code}: ${error.message}`);
  }
  return `${lines.join("\n")}\n`;
}

function inspectValue(decoder: Decoder, length: number, lines: string[]): boolean {
  const start = length - decoder.bufferedBytes;
  const known = decoder.types().length;
  const next = decoder.decodeAny();
  for (const type of decoder.types().slice(known))
    lines.push(`type ${type.id} = ${describeType(decoder, type)}`);
  if (next === pending) return false;
  const end = length - decoder.bufferedBytes;
  lines.push(`bytes ${start} to ${end}: ${referTo(decoder, next.type.id)} ${describeValue(next.value, "")}`);
  return true;
}

function describeType(decoder: Decoder, type: WireType): string {
  switch (type.kind) {
    case "basic":
      return type.name;
    case "array":
      return `[${type.length}]${referTo(decoder, type.element)}`;
    case "slice":
      return `[]${referTo(decoder, type.element)}`;
    case "map":
      return `map[${referTo(decoder, type.key)}]${referTo(decoder, type.element)}`;
    case "codec":
      return `${type.name}, encoded by its ${type.method} method`;
    case "struct": {
      const fields = type.fields.map((field) => `${field.name} ${referTo(decoder, field.type)}`);
      return `struct ${type.name} { ${fields.join("; ")} }`;
    }
    default:
      return type satisfies never;
  }
}

// A struct or codec by its name; what has no name of its own is short enough to be spelled out.
function referTo(decoder: Decoder, id: number, depth: number = 0): string {
  const type = decoder.type(id);
  if (type === undefined) return `type ${id}`;
  if (type.kind === "basic") return type.name;
  const named = type.kind === "struct" || type.kind === "codec" || depth >= maxReferenceDepth;
  if (named) return type.name === "" ? `type ${id}` : type.name;
  const element = referTo(decoder, type.element, depth + 1);
  if (type.kind === "map") return `map[${referTo(decoder, type.key, depth + 1)}]${element}`;
  return type.kind === "array" ? `[${type.length}]${element}` : `[]${element}`;
}

const maxReferenceDepth = 4;
const maxBytesShown = 32;

function describeValue(value: unknown, indent: string): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Uint8Array) return describeBytes(value);
  if (Array.isArray(value)) {
    return block(
      "[",
      value.map((element) => describeValue(element, `${indent}  `)),
      "]",
      indent,
    );
  }
  if (value instanceof Map) {
    const entries = [...value].map(
      ([key, element]) => `${describeValue(key, `${indent}  `)}: ${describeValue(element, `${indent}  `)}`,
    );
    return block("map[", entries, "]", indent);
  }
  if (typeof value !== "object" || value === null) return value === null ? "nil" : String(value);
  return isEncoded(value) ? describeEncoded(value) : describeObject(value, indent);
}

function describeObject(value: object, indent: string): string {
  const fields = Object.entries(value).map(
    ([name, field]) => `${name}: ${describeValue(field, `${indent}  `)}`,
  );
  return block("{", fields, "}", indent);
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
  if (lines.length === 0) return `${open}${close}`;
  const short = `${open} ${lines.join(", ")} ${close}`;
  if (short.length <= 80 && !short.includes("\n")) return short;
  return `${open}\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}${close}`;
}

function describeBytes(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, maxBytesShown)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${bytes.length} bytes ${shown.join("")}${bytes.length > maxBytesShown ? "…" : ""}`;
}

function isEncoded(value: object): value is EncodedValue {
  return "method" in value && "bytes" in value && value.bytes instanceof Uint8Array;
}

const familiar: readonly AnySchema[] = [time, bigInt, url];

// Go leaves out the name where the method is the pointer's, as for *big.Int: then the kind is a guess.
function describeEncoded(value: EncodedValue): string {
  for (const schema of familiar) {
    const node = nodeOf(schema);
    if (node.kind !== "codec" || node.codec.method !== value.method) continue;
    if (value.name !== "" && value.name !== node.codec.name) continue;
    const text = decoded(node.codec, value.bytes);
    if (text !== undefined) return `${node.codec.name}${value.name === "" ? "?" : ""}(${text})`;
  }
  return `${value.name}(${describeBytes(value.bytes)})`;
}

function decoded(codec: Codec<unknown>, bytes: Uint8Array): string | undefined {
  try {
    const text = String(codec.decode(bytes));
    return /^\P{C}*$/u.test(text) && !text.includes("\ufffd") ? text : undefined;
  } catch {
    // Another type's bytes.
    return undefined;
  }
}
