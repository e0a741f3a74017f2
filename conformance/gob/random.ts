import { type InterfaceValue, Time } from "@drawbar/gob";
import { canonical } from "./canonical.ts";
import { type Description, elementOf, registered, scalars, tree } from "./description.ts";

/** Numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const maxDepth = 5;
const scalarKinds = Object.keys(scalars);
const keyKinds = ["string", "int", "int8", "uint64", "uint16", "bool", "float64"];

/** Random types and values from one source of numbers. */
export class RandomValues {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }

  /** A type that Go can have at the top of a message. */
  topType(): Description {
    const type = this.#next() < 0.7 ? this.#struct(0) : this.type(0);
    return type.Kind === "any" || type.Kind === "pointer" ? this.topType() : type;
  }

  type(depth: number): Description {
    const roll = this.#next();
    if (depth >= 3 || roll < 0.5) return { Kind: this.#pick(scalarKinds) };
    if (roll < 0.62) return this.#struct(depth);
    if (roll < 0.74) return { Kind: "slice", Element: this.#element(depth) };
    if (roll < 0.8) return { Kind: "array", Element: this.type(depth + 1), Length: this.#below(4) };
    if (roll < 0.88) return { Kind: "map", Key: this.#key(), Element: this.type(depth + 1) };
    if (roll < 0.94) return { Kind: "pointer", Element: this.#pointee(depth) };
    return { Kind: this.#pick(["any", "tree"]) };
  }

  // Go encodes a slice of uint8 as bytes, which is a type of its own here.
  #element(depth: number): Description {
    const element = this.type(depth + 1);
    return element.Kind === "uint8" ? { Kind: "int8" } : element;
  }

  #key(): Description {
    if (this.#next() < 0.8) return { Kind: this.#pick(keyKinds) };
    const pair = { Kind: "array", Element: { Kind: "int16" }, Length: 2 };
    return this.#next() < 0.5 ? pair : { Kind: "struct", Fields: [{ Name: "K", Type: pair }] };
  }

  // Go has these as pointers already, and an interface behind a pointer is rarely meant.
  #pointee(depth: number): Description {
    const element = this.type(depth + 1);
    return ["bigInt", "url", "any"].includes(element.Kind) ? { Kind: "int" } : element;
  }

  #struct(depth: number): Description {
    const count = 1 + this.#below(5);
    const Fields = Array.from({ length: count }, (_, i) => ({ Name: `F${i}`, Type: this.type(depth + 1) }));
    return { Kind: "struct", Fields };
  }

  /** A random value. Pointers are null only where gob can say so: in fields of structs. */
  value(type: Description, depth: number): unknown {
    switch (type.Kind) {
      case "struct":
        return Object.fromEntries(
          (type.Fields ?? []).map((field) => [field.Name, this.#field(field.Type, depth + 1)]),
        );
      case "tree":
        return this.value(tree, depth);
      case "slice":
        return Array.from({ length: this.#length(depth) }, () => this.value(elementOf(type), depth + 1));
      case "array":
        return Array.from({ length: type.Length ?? 0 }, () => this.value(elementOf(type), depth + 1));
      case "map":
        return this.#map(type, depth);
      case "pointer":
        return this.value(elementOf(type), depth + 1);
      case "any":
        return this.#interface(depth);
      default:
        return this.#scalar(type.Kind);
    }
  }

  #field(type: Description, depth: number): unknown {
    return type.Kind === "pointer" && (depth > maxDepth || this.#next() < 0.3)
      ? null
      : this.value(type, depth);
  }

  #length(depth: number): number {
    return depth > maxDepth ? 0 : this.#below(4);
  }

  #map(type: Description, depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    const seen = new Set<string>();
    for (let left = this.#length(depth); left > 0; left--) {
      const key = this.value(type.Key as Description, depth + 1);
      const form = JSON.stringify(canonical(type.Key as Description, key));
      if (!seen.has(form)) map.set(key, this.value(elementOf(type), depth + 1));
      seen.add(form);
    }
    return map;
  }

  #interface(depth: number): InterfaceValue | null {
    if (depth > maxDepth || this.#next() < 0.2) return null;
    const name = this.#pick([...registered.keys()]);
    return { type: name, value: this.value(registered.get(name) as Description, depth + 1) };
  }

  #scalar(kind: string): unknown {
    const integer = /^(u?)int(\d*)$/.exec(kind);
    if (integer !== null) return this.#integer(integer[1] === "", Number(integer[2] || 64));
    switch (kind) {
      case "bool":
        return this.#next() < 0.5;
      case "float32":
        return this.#float(true);
      case "float64":
        return this.#float(false);
      case "complex64":
        return { re: this.#float(true), im: this.#float(true) };
      case "complex128":
        return { re: this.#float(false), im: this.#float(false) };
      case "bytes":
        return Uint8Array.from({ length: this.#below(6) }, () => this.#below(256));
      case "time":
        return this.#time();
      case "bigInt":
        return BigInt.asIntN(1 + this.#below(200), this.#bits(200));
      case "url":
        return this.#pick(["https://example.com/a%20b?q=1#f", "/relative", "mailto:a@example.com", ""]);
      default:
        return this.#pick(["", "a", "gob", "Zürich", "日本語", "\0\u007f", "x".repeat(200), "ü".repeat(70)]);
    }
  }

  #bits(count: number): bigint {
    let bits = 0n;
    for (let have = 0; have < count; have += 32) bits = (bits << 32n) | BigInt(this.#below(2 ** 32));
    return bits;
  }

  #integer(signed: boolean, bits: number): number | bigint {
    const width = 1 + this.#below(bits);
    const value = signed ? BigInt.asIntN(width, this.#bits(64)) : BigInt.asUintN(width, this.#bits(64));
    return bits === 64 ? value : Number(value);
  }

  #float(single: boolean): number {
    const value =
      this.#pick([0, 1, -1.5, 1e30, Number.POSITIVE_INFINITY, this.#next(), -this.#below(1e9)]) + 0;
    return single ? Math.fround(value) : value;
  }

  #time(): Time {
    const unix = BigInt.asIntN(66, this.#bits(66));
    const zone = this.#pick([undefined, 0, 3600, -7 * 3600, 19800, 1172]);
    return this.#next() < 0.1 ? Time.zero : new Time(unix, zone);
  }
}
