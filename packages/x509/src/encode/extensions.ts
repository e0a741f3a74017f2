import { contextTag } from "../der/tag.ts";
import {
  bitString,
  boolean,
  type Der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  tlv,
} from "../der/writer.ts";
import { type KeyUsage, keyUsageBits } from "../key-usage.ts";
import { extKeyUsageOids, oid } from "../oids.ts";

/** One purpose of extKeyUsage: a name, or a dotted object identifier. */
export type ExtKeyUsage = keyof typeof extKeyUsageOids | `${number}.${string}`;

/** What basicConstraints says. `pathLength` is for CAs only: how many CAs may follow below. */
export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number | undefined;
}

/** One extension as it stands in a certificate; `value` is the DER inside its OCTET STRING. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** An extension on its way into a certificate. */
export interface EncodedExtension {
  readonly oid: string;
  /** The whole extension. */
  readonly der: Der;
}

/** Extension in DER (RFC 5280 4.1). */
export function encodeExtension({ oid, critical, value }: Extension): EncodedExtension {
  return extension(oid, critical, value);
}

/** keyUsage: always critical (RFC 5280 4.2.1.3). */
export function keyUsageExtension(usages: readonly KeyUsage[]): EncodedExtension {
  let bits = 0;
  for (const usage of usages) bits |= 0x8000 >> keyUsageBits[usage];
  const octets = (bits & 0xff) === 0 ? [bits >> 8] : [bits >> 8, bits & 0xff];
  const last = octets[octets.length - 1] ?? 0;
  // Trailing zero bits of a named bit list are not written (X.690 11.2.2).
  const unusedBits = last === 0 ? 0 : 31 - Math.clz32(last & -last);
  return extension(oid.keyUsage, true, bitString(Uint8Array.from(octets), unusedBits));
}

/** extKeyUsage, in the order given. */
export function extKeyUsageExtension(usages: readonly ExtKeyUsage[]): EncodedExtension {
  const names: Readonly<Record<string, string>> = extKeyUsageOids;
  const value = sequence(...usages.map((usage) => objectIdentifier(names[usage] ?? usage)));
  return extension(oid.extKeyUsage, false, value);
}

/** basicConstraints: always critical. `ca: false` is the default and so an empty SEQUENCE. */
export function basicConstraintsExtension({ ca, pathLength }: BasicConstraints): EncodedExtension {
  const parts: Der[] = ca ? [boolean(true)] : [];
  if (pathLength !== undefined) parts.push(integer(pathLength));
  return extension(oid.basicConstraints, true, sequence(...parts));
}

/** subjectKeyIdentifier. */
export function subjectKeyIdExtension(keyId: Uint8Array): EncodedExtension {
  return extension(oid.subjectKeyId, false, octetString(keyId));
}

/** authorityKeyIdentifier with the key identifier alone. */
export function authorityKeyIdExtension(keyId: Uint8Array): EncodedExtension {
  return extension(oid.authorityKeyId, false, sequence(tlv(contextTag(0), keyId)));
}

/** Names as they stand in a subjectAltName; text is ASCII. */
export interface EncodedAltNames {
  readonly dnsNames?: readonly string[] | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly ipAddresses?: readonly Uint8Array[] | undefined;
  readonly uris?: readonly string[] | undefined;
}

/** subjectAltName: DNS names, emails, IP addresses, URIs. Critical if and only if there is no subject. */
export function subjectAltNameExtension(names: EncodedAltNames, subjectIsEmpty: boolean): EncodedExtension {
  const parts = [
    ...(names.dnsNames ?? []).map((name) => tlv(contextTag(2), name)),
    ...(names.emails ?? []).map((email) => tlv(contextTag(1), email)),
    ...(names.ipAddresses ?? []).map((octets) => tlv(contextTag(7), octets)),
    ...(names.uris ?? []).map((uri) => tlv(contextTag(6), uri)),
  ];
  return extension(oid.subjectAltName, subjectIsEmpty, sequence(...parts));
}

// `critical` is left out when false, as DER has it for defaults.
function extension(oid: string, critical: boolean, value: Der): EncodedExtension {
  const type = objectIdentifier(oid);
  const der = critical
    ? sequence(type, criticalTrue, octetString(value))
    : sequence(type, octetString(value));
  return { oid, der };
}

const criticalTrue = boolean(true);
