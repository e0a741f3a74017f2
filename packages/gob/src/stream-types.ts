import type { Reader } from "./reader.ts";
import { readTypeDefinition } from "./type-definition.ts";
import { builtinTypes, firstStreamTypeId, type WireType } from "./wire-type.ts";

/** The types that a stream being decoded has defined so far. */
export class StreamTypes {
  readonly #types = new Map<number, WireType>(builtinTypes);
  readonly #maxTypeBytes: number;
  readonly #spread = new Map<number, boolean>();
  #typeBytes = 0;
  // Defined by the value being decoded: forgotten again when it has to be decoded anew.
  #journal: { readonly id: number; readonly size: number }[] = [];

  constructor(maxTypeBytes: number) {
    this.#maxTypeBytes = maxTypeBytes;
  }

  get(id: number): WireType | undefined {
    return this.#types.get(id);
  }

  /** The types the stream defined itself, in order. */
  defined(): WireType[] {
    return [...this.#types.values()].filter((type) => type.id >= firstStreamTypeId);
  }

  /** Reads the definition of `id`. */
  define(r: Reader, id: number): WireType {
    if (id < firstStreamTypeId) throw r.fault("gob-type", `type ${id} cannot be defined: it is built in`);
    if (this.#types.has(id)) throw r.fault("gob-type", `type ${id} is defined twice`);
    const start = r.pos;
    this.#typeBytes += r.left;
    if (this.#typeBytes > this.#maxTypeBytes) {
      throw r.fault("gob-limit", `more than ${this.#maxTypeBytes} bytes of type definitions (maxTypeBytes)`);
    }
    const rest = r.left;
    const type = readTypeDefinition(r, id);
    const size = r.pos - start;
    this.#typeBytes -= rest - size;
    this.#types.set(id, type);
    this.#journal.push({ id, size });
    return type;
  }

  /** Keeps what was defined since the last call. */
  commit(): void {
    if (this.#journal.length > 0) this.#journal = [];
  }

  /** Forgets what was defined since `commit`. */
  rollback(): void {
    for (const { id, size } of this.#journal) {
      this.#types.delete(id);
      this.#typeBytes -= size;
    }
    this.#journal = [];
    this.#spread.clear();
  }

  /**
   * Whether values of the type can go on in a later message: they do where an interface value brings a
   * new type definition. A type that is not known yet may.
   */
  canSpread(id: number): boolean {
    let spread = this.#spread.get(id);
    if (spread === undefined) {
      spread = this.#findSpread(id, new Set());
      this.#spread.set(id, spread);
    }
    return spread;
  }

  #findSpread(id: number, seen: Set<number>): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const type = this.#types.get(id);
    if (type === undefined || seen.size > maxTypesWalked) return true;
    switch (type.kind) {
      case "basic":
        return type.name === "interface";
      case "array":
      case "slice":
        return this.#findSpread(type.element, seen);
      case "map":
        return this.#findSpread(type.key, seen) || this.#findSpread(type.element, seen);
      case "struct":
        return type.fields.some((field) => this.#findSpread(field.type, seen));
      case "codec":
        return false;
      default:
        return type satisfies never;
    }
  }

  /** The type as Go would print it, for messages. */
  nameOf(id: number): string {
    const type = this.#types.get(id);
    if (type === undefined) return `unknown type ${id}`;
    if (type.name !== "") return type.name;
    switch (type.kind) {
      case "array":
        return `[${type.length}]${this.#shortName(type.element)}`;
      case "slice":
        return `[]${this.#shortName(type.element)}`;
      case "map":
        return `map[${this.#shortName(type.key)}]${this.#shortName(type.element)}`;
      default:
        return `type ${id}`;
    }
  }

  #shortName(id: number): string {
    return this.#types.get(id)?.name || `type ${id}`;
  }
}

// The walk is recursive; beyond this a stream is odd enough to go without the check.
const maxTypesWalked = 500;
