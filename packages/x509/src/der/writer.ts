import { tag } from "./tag.ts";

/**
 * DER before it is laid out: octets, ASCII text that stands for its octets, or a value made of parts.
 * Nothing is copied until `toBytes` knows the length of the whole.
 */
export type Der = Uint8Array | string | DerValue;

/** One value: identifier and contents. */
export interface DerValue {
  readonly identifier: number;
  readonly parts: readonly Der[];
  /** Octets of the contents. */
  readonly contentBytes: number;
  /** Octets of the whole value. */
  readonly length: number;
}

/** One value, with its contents given in parts. */
export function tlv(identifier: number, ...parts: readonly Der[]): DerValue {
  let contentBytes = 0;
  for (const part of parts) contentBytes += part.length;
  return { identifier, parts, contentBytes, length: headerOctets(contentBytes) + contentBytes };
}

/** The octets of a value, in an array of their own or in the one given, which is as long. */
export function toBytes(der: Der, out: Uint8Array = new Uint8Array(der.length)): Uint8Array {
  write(out, 0, der);
  return out;
}

/** SEQUENCE of the given values. */
export function sequence(...parts: readonly Der[]): DerValue {
  return tlv(tag.sequence, ...parts);
}

/** SET OF: values in ascending order of their encodings (X.690 11.6). */
export function setOf(...parts: readonly Der[]): DerValue {
  return parts.length < 2
    ? tlv(tag.set, ...parts)
    : tlv(tag.set, ...parts.map((part) => toBytes(part)).sort(Buffer.compare));
}

/** INTEGER in the fewest octets, two's complement. */
export function integer(value: bigint | number): DerValue {
  return tlv(tag.integer, integerContents(BigInt(value)));
}

/** BOOLEAN. */
export function boolean(value: boolean): Uint8Array {
  return Uint8Array.of(tag.boolean, 1, value ? 0xff : 0);
}

/** OCTET STRING. */
export function octetString(contents: Der): DerValue {
  return tlv(tag.octetString, contents);
}

/** BIT STRING of whole octets, or with `unusedBits` left over in the last one. */
export function bitString(contents: Der, unusedBits: number = 0): DerValue {
  return tlv(tag.bitString, Uint8Array.of(unusedBits), contents);
}

/** NULL. */
export const derNull: Uint8Array = Uint8Array.of(tag.null, 0);

/** OBJECT IDENTIFIER from its dotted form, which the caller has checked. */
export function objectIdentifier(dotted: string): Uint8Array {
  let encoded = identifierCache.get(dotted);
  if (encoded === undefined) {
    encoded = toBytes(tlv(tag.objectIdentifier, Uint8Array.from(identifierContents(dotted))));
    // Extensions of a peer may name any identifier, so the cache stops growing at a size.
    if (identifierCache.size < 256) identifierCache.set(dotted, encoded);
  }
  return encoded;
}

const identifierCache = new Map<string, Uint8Array>();

// Writes `der` at `offset`; returns where it ends.
function write(out: Uint8Array, offset: number, der: Der): number {
  if (typeof der === "string") {
    for (let i = 0; i < der.length; i++) out[offset + i] = der.charCodeAt(i);
    return offset + der.length;
  }
  if (der instanceof Uint8Array) {
    out.set(der, offset);
    return offset + der.length;
  }
  let at = offset + headerOctets(der.contentBytes);
  out[offset] = der.identifier;
  writeLength(out, offset + 1, at, der.contentBytes);
  for (const part of der.parts) at = write(out, at, part);
  return at;
}

// Identifier and length.
function headerOctets(contentBytes: number): number {
  if (contentBytes < 0x80) return 2;
  if (contentBytes < 0x100) return 3;
  if (contentBytes < 0x10000) return 4;
  return contentBytes < 0x1000000 ? 5 : 6;
}

// Fills the octets from `start` to `end` with a length: short form in one, else a count and the number.
function writeLength(out: Uint8Array, start: number, end: number, length: number): void {
  if (end - start === 1) {
    out[start] = length;
    return;
  }
  out[start] = 0x80 | (end - start - 1);
  let rest = length;
  for (let at = end - 1; at > start; at--) {
    out[at] = rest & 0xff;
    rest >>>= 8;
  }
}

function integerContents(value: bigint): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  for (;;) {
    const octet = Number(rest & 0xffn);
    octets.push(octet);
    rest >>= 8n;
    // Done once what is left only repeats the sign of the octet just taken.
    if ((rest === 0n && octet < 0x80) || (rest === -1n && octet >= 0x80)) break;
  }
  return Uint8Array.from(octets.reverse());
}

function identifierContents(dotted: string): number[] {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return [first * 40 + second, ...rest].flatMap(base128);
}

function base128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.push((rest & 0x7f) | 0x80);
  }
  return octets.reverse();
}
