import { contextConstructedTag, contextTag } from "./der/tag.ts";
import { type Der, type DerValue, sequence, tlv, toBytes } from "./der/writer.ts";
import { type EncodedExtension, encodeExtension } from "./encode/extensions.ts";
import { X509Error } from "./error.ts";
import { maskOf, parseIpRange } from "./ip-range.ts";
import { oid } from "./oids.ts";
import { isConstraintText, type NameSubtrees } from "./parse/name-constraints.ts";

/** What names a CA allows below it, see `NameSubtrees`. At least one must be given. */
export interface NameConstraintsOptions {
  readonly permitted?: Partial<NameSubtrees>;
  readonly excluded?: Partial<NameSubtrees>;
}

/** nameConstraints: always critical (RFC 5280 4.2.1.10); kinds in Go's order. */
export function nameConstraintsExtension(options: NameConstraintsOptions): EncodedExtension {
  const parts: DerValue[] = [];
  for (const [number, subtrees] of [options.permitted, options.excluded].entries()) {
    const bases = basesOf(subtrees ?? {});
    if (bases.length === 0) continue;
    parts.push(tlv(contextConstructedTag(number), ...bases.map((base) => sequence(base))));
  }
  if (parts.length === 0) throw new X509Error("invalid_option", "name constraints must name something");
  return encodeExtension({ oid: oid.nameConstraints, critical: true, value: toBytes(sequence(...parts)) });
}

function basesOf({ dnsNames = [], ipRanges = [], emails = [], uris = [] }: Partial<NameSubtrees>): Der[] {
  return [
    ...dnsNames.map((text) => tlv(contextTag(2), checked(text))),
    ...ipRanges.map((text) => tlv(contextTag(7), ...rangeOctets(text))),
    ...emails.map((text) => tlv(contextTag(1), checked(text))),
    ...uris.map((text) => tlv(contextTag(6), checked(text))),
  ];
}

function checked(text: string): string {
  if (isConstraintText(text)) return text;
  throw new X509Error("invalid_option", `not a domain or mailbox: ${text}`);
}

function rangeOctets(text: string): readonly Uint8Array[] {
  const range = parseIpRange(text);
  if (range === undefined) throw new X509Error("invalid_option", `not an address range: ${text}`);
  return [range.octets, maskOf(range)];
}
