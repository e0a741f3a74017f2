import { tag } from "./tag.ts";

/** One value in DER: identifier, length and contents, with the contents given in parts. */
export function tlv(identifier: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const headerBytes = 1 + lengthOctets(length);
  const out = new Uint8Array(headerBytes + length);
  out[0] = identifier;
  writeLength(out, length, headerBytes);
  let offset = headerBytes;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** SEQUENCE of the given values. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(tag.sequence, ...parts);
}

/** SET OF: values in ascending order of their encodings (X.690 11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return parts.length < 2 ? tlv(tag.set, ...parts) : tlv(tag.set, ...[...parts].sort(compareBytes));
}

/** INTEGER in the fewest octets, two's complement. */
export function integer(value: bigint | number): Uint8Array {
  return tlv(tag.integer, integerContents(BigInt(value)));
}

/** BOOLEAN. */
export function boolean(value: boolean): Uint8Array {
  return Uint8Array.of(tag.boolean, 1, value ? 0xff : 0);
}

/** OCTET STRING. */
export function octetString(contents: Uint8Array): Uint8Array {
  return tlv(tag.octetString, contents);
}

/** BIT STRING of whole octets, or with `unusedBits` left over in the last one. */
export function bitString(contents: Uint8Array, unusedBits: number = 0): Uint8Array {
  return tlv(tag.bitString, Uint8Array.of(unusedBits), contents);
}

/** NULL. */
export const derNull: Uint8Array = Uint8Array.of(tag.null, 0);

/** OBJECT IDENTIFIER from its dotted form, which the caller has checked. */
export function objectIdentifier(dotted: string): Uint8Array {
  let encoded = identifierCache.get(dotted);
  if (encoded === undefined) {
    encoded = tlv(tag.objectIdentifier, Uint8Array.from(identifierContents(dotted)));
    // Extensions of a peer may name any identifier, so the cache stops growing at a size.
    if (identifierCache.size < 256) identifierCache.set(dotted, encoded);
  }
  return encoded;
}

const identifierCache = new Map<string, Uint8Array>();

function lengthOctets(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x10000) return 3;
  return length < 0x1000000 ? 4 : 5;
}

function writeLength(out: Uint8Array, length: number, headerBytes: number): void {
  if (headerBytes === 2) {
    out[1] = length;
    return;
  }
  out[1] = 0x80 | (headerBytes - 2);
  let rest = length;
  for (let at = headerBytes - 1; at > 1; at--) {
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

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
