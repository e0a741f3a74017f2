import { malformed } from "../error.ts";
import { checkLimit, defaultLimits, type X509Limits } from "../limits.ts";
import { tag } from "./tag.ts";

/**
 * A cursor over strict DER (X.690 chapters 8 and 10). It copies nothing: what it returns are views.
 *
 * Every refusal is an X509Error `malformed_der` with the offset into the bytes the first reader was
 * made of. The `what` of each method names the value in that message.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #depth: number;
  #offset: number;
  readonly limits: X509Limits;

  constructor(
    bytes: Uint8Array,
    limits: X509Limits = defaultLimits,
    offset: number = 0,
    end: number = bytes.length,
    depth: number = 0,
  ) {
    this.#bytes = bytes;
    this.limits = limits;
    this.#offset = offset;
    this.#end = end;
    this.#depth = depth;
  }

  /** Where the next value begins. */
  get offset(): number {
    return this.#offset;
  }

  /** True when no value is left. */
  get atEnd(): boolean {
    return this.#offset === this.#end;
  }

  /** The identifier octet of the next value; undefined at the end. */
  get nextTag(): number | undefined {
    return this.atEnd ? undefined : this.#bytes[this.#offset];
  }

  /** Refuses anything left over. */
  finish(what: string): void {
    if (!this.atEnd) throw malformed(what, this.#offset, `${this.#end - this.#offset} bytes too many`);
  }

  /** Enters the next value: a reader over its contents. Moves past it. */
  enter(identifier: number, what: string): DerReader {
    const start = this.#contentStart(identifier, what);
    const depth = this.#depth + 1;
    checkLimit(`${what}: nesting depth`, depth, this.limits.depth);
    return new DerReader(this.#bytes, this.limits, start, this.#offset, depth);
  }

  /** Like `enter`, if the next value has this identifier; otherwise undefined and nothing moves. */
  enterOptional(identifier: number, what: string): DerReader | undefined {
    return this.nextTag === identifier ? this.enter(identifier, what) : undefined;
  }

  /** A second reader that stands at `offset`, where this one has been: to look into an `element`. */
  reread(offset: number): DerReader {
    return new DerReader(this.#bytes, this.limits, offset, this.#end, this.#depth);
  }

  /** The contents of the next value, which has this identifier. */
  contents(identifier: number, what: string): Uint8Array {
    const start = this.#contentStart(identifier, what);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** The whole next value, header included; of any identifier unless one is given. */
  element(what: string, identifier?: number): Uint8Array {
    const start = this.#offset;
    this.#contentStart(identifier, what);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** INTEGER. */
  integer(what: string): bigint {
    const at = this.#offset;
    const octets = this.contents(tag.integer, what);
    checkInteger(octets, at, what);
    const magnitude = BigInt(`0x${Buffer.from(octets).toString("hex")}`);
    return (octets[0] ?? 0) >= 0x80 ? magnitude - (1n << BigInt(octets.length * 8)) : magnitude;
  }

  /** INTEGER from 0 to 2^31-1. */
  smallInteger(what: string, identifier: number = tag.integer): number {
    const at = this.#offset;
    const octets = this.contents(identifier, what);
    checkInteger(octets, at, what);
    if ((octets[0] ?? 0) >= 0x80 || octets.length > 4) throw malformed(what, at, "number out of range");
    return octets.reduce((value, octet) => value * 256 + octet, 0);
  }

  /** BOOLEAN. */
  boolean(what: string): boolean {
    const at = this.#offset;
    const octets = this.contents(tag.boolean, what);
    const octet = octets[0];
    if (octets.length !== 1 || (octet !== 0 && octet !== 0xff)) {
      throw malformed(what, at, "BOOLEAN must be one octet, 00 or FF");
    }
    return octet === 0xff;
  }

  /** BIT STRING whose bits fill whole octets: keys and signatures. */
  bitStringOctets(what: string): Uint8Array {
    const at = this.#offset;
    const { octets, unusedBits } = this.bitString(what);
    if (unusedBits !== 0) throw malformed(what, at, "BIT STRING must be whole octets");
    return octets;
  }

  /** Enters a BIT STRING of whole octets: a reader over what they encode. */
  enterBitString(what: string): DerReader {
    const octets = this.bitStringOctets(what);
    return new DerReader(
      this.#bytes,
      this.limits,
      this.#offset - octets.length,
      this.#offset,
      this.#depth + 1,
    );
  }

  /** BIT STRING: its octets, and how many low bits of the last one do not count (they must be 0). */
  bitString(
    what: string,
    identifier: number = tag.bitString,
  ): { readonly octets: Uint8Array; readonly unusedBits: number } {
    const at = this.#offset;
    const all = this.contents(identifier, what);
    const unusedBits = all[0];
    if (unusedBits === undefined || unusedBits > 7 || (all.length === 1 && unusedBits !== 0)) {
      throw malformed(what, at, "BIT STRING has a wrong count of unused bits");
    }
    if (((all[all.length - 1] ?? 0) & ((1 << unusedBits) - 1)) !== 0 && all.length > 1) {
      throw malformed(what, at, "unused bits of a BIT STRING must be 0");
    }
    return { octets: all.subarray(1), unusedBits };
  }

  /** OBJECT IDENTIFIER in dotted form; each number at most 2^31-1. */
  objectIdentifier(what: string): string {
    const at = this.#offset;
    return dottedIdentifier(this.contents(tag.objectIdentifier, what), at, what);
  }

  /** Calls `readItem` until the contents are used up, with the limit on items. */
  forEach(what: string, readItem: (reader: DerReader) => void): void {
    for (let items = 1; !this.atEnd; items++) {
      checkLimit(`${what}: number of items`, items, this.limits.items);
      readItem(this);
    }
  }

  // Checks the header of the next value, moves past the value, and returns where its contents begin.
  #contentStart(identifier: number | undefined, what: string): number {
    const at = this.#offset;
    const found = this.nextTag;
    if (found === undefined) throw malformed(what, at, "missing");
    if ((found & 0x1f) === 0x1f || (identifier !== undefined && found !== identifier)) {
      throw malformed(what, at, `unexpected tag ${hex(found)}, expected ${hex(identifier)}`);
    }
    return this.#readLength(at, what);
  }

  #readLength(at: number, what: string): number {
    const first = at + 1 < this.#end ? this.#bytes[at + 1] : undefined;
    if (first === undefined) throw malformed(what, at, "cut off before its length");
    let start = at + 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0) throw malformed(what, at, "indefinite length is not DER");
      if (octets > 4) throw malformed(what, at, "length of more than four octets");
      if (start + octets > this.#end) throw malformed(what, at, "cut off inside its length");
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (this.#bytes[start + i] ?? 0);
      if (length < 0x80 || length < 256 ** (octets - 1)) throw malformed(what, at, "length not minimal");
      start += octets;
    }
    if (length > this.#end - start) {
      throw malformed(what, at, `length ${length} exceeds the ${this.#end - start} bytes left`);
    }
    this.#offset = start + length;
    return start;
  }
}

function checkInteger(octets: Uint8Array, at: number, what: string): void {
  const [first, second = 0] = octets;
  if (first === undefined) throw malformed(what, at, "INTEGER without contents");
  if (octets.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed(what, at, "INTEGER not minimal");
  }
}

function dottedIdentifier(octets: Uint8Array, at: number, what: string): string {
  const numbers: number[] = [];
  let value = 0;
  let startsNumber = true;
  for (const octet of octets) {
    if (startsNumber && octet === 0x80) throw malformed(what, at, "OBJECT IDENTIFIER not minimal");
    value = value * 128 + (octet & 0x7f);
    if (value > 0x7fffffff) throw malformed(what, at, "OBJECT IDENTIFIER with a number above 2^31-1");
    startsNumber = octet < 0x80;
    if (!startsNumber) continue;
    if (numbers.length > 0) numbers.push(value);
    else if (value < 80) numbers.push(Math.floor(value / 40), value % 40);
    else numbers.push(2, value - 80);
    value = 0;
  }
  if (!startsNumber || numbers.length === 0) throw malformed(what, at, "OBJECT IDENTIFIER cut off");
  return numbers.join(".");
}

function hex(identifier: number | undefined): string {
  return identifier === undefined ? "below 31" : `0x${identifier.toString(16).padStart(2, "0")}`;
}
