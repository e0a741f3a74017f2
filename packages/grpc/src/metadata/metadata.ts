import { DrawbarError } from "@drawbar/io";
import { decodeBinaryValues, encodeBinaryValue } from "./binary-value.ts";
import { isBinaryName, isReservedName, nameProblem } from "./metadata-names.ts";

export type MetadataValue = string | Uint8Array;

/** What metadata can be made from: metadata, entries, or a record whose arrays are repeated values. */
export type MetadataInit =
  | Metadata
  | Iterable<readonly [string, MetadataValue]>
  | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/** A name or value that cannot be sent, or a received `-bin` value that is not base64. */
export class MetadataError extends DrawbarError {
  constructor(message: string, name: string) {
    super("grpc-invalid-metadata", message, { facts: { name } });
  }
}

const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Headers or trailers of a call. Names are case-insensitive; a name may have several values, in order.
 * Names that end in `-bin` hold bytes, all others printable ASCII.
 */
export class Metadata implements Iterable<[string, MetadataValue]> {
  // Alternating names and values as they go over the wire.
  #list: string[] = [];

  constructor(init?: MetadataInit) {
    if (init !== undefined) this.#fill(init);
  }

  /** The metadata within a received header list: without what belongs to gRPC and HTTP/2. */
  static fromHeaders(headers: readonly string[]): Metadata {
    const metadata = new Metadata();
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i] ?? "";
      if (!isReservedName(name)) metadata.#list.push(name, headers[i + 1] ?? "");
    }
    return metadata;
  }

  /** Number of values. */
  get size(): number {
    return this.#list.length / 2;
  }

  /** The first value of a text name, or undefined. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    for (let i = 0; i < this.#list.length; i += 2) if (this.#list[i] === key) return this.#list[i + 1];
    return undefined;
  }

  /** All values of a text name, in order. */
  getAll(name: string): string[] {
    const key = name.toLowerCase();
    return this.#list.filter((_, i) => i % 2 === 1 && this.#list[i - 1] === key);
  }

  /** The first value of a `-bin` name, or undefined. Throws MetadataError if it is not base64. */
  getBinary(name: string): Uint8Array | undefined {
    return this.getAllBinary(name)[0];
  }

  /** All values of a `-bin` name, in order. Throws MetadataError if one is not base64. */
  getAllBinary(name: string): Uint8Array[] {
    return this.getAll(name).flatMap((text) => decode(name, text));
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Replaces all values of `name`. */
  set(name: string, value: MetadataValue): this {
    const text = checkedValue(name, value);
    this.delete(name);
    this.#list.push(name.toLowerCase(), text);
    return this;
  }

  /** Adds a value to those of `name`. */
  append(name: string, value: MetadataValue): this {
    const text = checkedValue(name, value);
    this.#list.push(name.toLowerCase(), text);
    return this;
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    this.#list = this.#list.filter((_, i) => this.#list[i - (i % 2)] !== key);
  }

  /** Alternating names and values as they are sent. */
  toHeaders(): readonly string[] {
    return this.#list;
  }

  *[Symbol.iterator](): IterableIterator<[string, MetadataValue]> {
    for (let i = 0; i < this.#list.length; i += 2) {
      const name = this.#list[i] ?? "";
      const text = this.#list[i + 1] ?? "";
      if (isBinaryName(name)) for (const bytes of decode(name, text)) yield [name, bytes];
      else yield [name, text];
    }
  }

  #fill(init: MetadataInit): void {
    if (init instanceof Metadata) {
      this.#list = init.#list.slice();
    } else if (Symbol.iterator in init) {
      for (const [name, value] of init as Iterable<readonly [string, MetadataValue]>)
        this.append(name, value);
    } else {
      for (const [name, value] of Object.entries(init)) {
        if (typeof value === "string" || value instanceof Uint8Array) this.append(name, value);
        else for (const one of value) this.append(name, one);
      }
    }
  }
}

function checkedValue(name: string, value: MetadataValue): string {
  const key = name.toLowerCase();
  const problem = nameProblem(key);
  if (problem !== undefined) throw new MetadataError(`metadata name "${name}" ${problem}`, key);
  if (isBinaryName(key)) {
    if (typeof value !== "string") return encodeBinaryValue(value);
    throw new MetadataError(`metadata "${key}" takes bytes: its name ends in "-bin"`, key);
  }
  if (typeof value !== "string") {
    throw new MetadataError(`metadata "${key}" takes text: to send bytes, end its name in "-bin"`, key);
  }
  if (printableAscii.test(value)) return value;
  throw new MetadataError(`metadata "${key}" takes printable ASCII: to send more, use a "-bin" name`, key);
}

function decode(name: string, text: string): Uint8Array[] {
  const values = decodeBinaryValues(text);
  if (values === undefined)
    throw new MetadataError(`metadata "${name}" holds a value that is not base64`, name);
  return values;
}
