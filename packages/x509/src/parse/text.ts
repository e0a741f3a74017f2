import type { DerReader } from "../der/reader.ts";
import { tag } from "../der/tag.ts";
import { malformed } from "../error.ts";

// What PrintableString may hold; "*" and "&" are outside the standard and common all the same.
const printable = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/;

/** A value of a name attribute: any of the string types of X.520, as text. */
export function readText(reader: DerReader, what: string): string {
  const at = reader.offset;
  const identifier = reader.nextTag ?? 0;
  const octets = reader.contents(identifier, what);
  const text = decodeText(identifier, octets);
  if (text === undefined) throw malformed(what, at, "not a valid string of its type");
  return text;
}

function decodeText(identifier: number, octets: Uint8Array): string | undefined {
  switch (identifier) {
    case tag.printableString:
      return matching(octets, printable);
    case tag.utf8String:
      return utf8(octets);
    case tag.ia5String:
      return ascii(octets);
    case tag.numericString:
      return matching(octets, /^[0-9 ]*$/);
    case tag.t61String:
      return latin1(octets);
    case tag.bmpString:
      return ucs2(octets);
    default:
      return undefined;
  }
}

/** ASCII text of the octets; undefined if one is outside of it. */
export function ascii(octets: Uint8Array): string | undefined {
  return octets.some((octet) => octet > 0x7f) ? undefined : latin1(octets);
}

function matching(octets: Uint8Array, pattern: RegExp): string | undefined {
  const text = latin1(octets);
  return pattern.test(text) ? text : undefined;
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("latin1");
}

function utf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

// UCS-2: two octets a character, big-endian, without surrogates and noncharacters.
function ucs2(octets: Uint8Array): string | undefined {
  if (octets.length % 2 !== 0) return undefined;
  const units: number[] = [];
  for (let at = 0; at < octets.length; at += 2) {
    const unit = (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
    const noncharacter = unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef);
    if (noncharacter || (unit >= 0xd800 && unit <= 0xdfff)) return undefined;
    units.push(unit);
  }
  return units.map((unit) => String.fromCharCode(unit)).join("");
}
