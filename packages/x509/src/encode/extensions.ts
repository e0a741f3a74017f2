import { contextTag } from "../der/tag.ts";
import { bitString, boolean, integer, objectIdentifier, octetString, sequence, tlv } from "../der/writer.ts";
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

/** Extension in DER (RFC 5280 4.1). `critical` is left out when false, as DER has it for defaults. */
export function encodeExtension({ oid, critical, value }: Extension): Uint8Array {
  const type = objectIdentifier(oid);
  return critical ? sequence(type, boolean(true), octetString(value)) : sequence(type, octetString(value));
}

/** keyUsage: always critical (RFC 5280 4.2.1.3). */
export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  let bits = 0;
  for (const usage of usages) bits |= 0x8000 >> keyUsageBits[usage];
  const octets = (bits & 0xff) === 0 ? [bits >> 8] : [bits >> 8, bits & 0xff];
  const last = octets[octets.length - 1] ?? 0;
  // Trailing zero bits of a named bit list are not written (X.690 11.2.2).
  const unusedBits = last === 0 ? 0 : 31 - Math.clz32(last & -last);
  return { oid: oid.keyUsage, critical: true, value: bitString(Uint8Array.from(octets), unusedBits) };
}

/** extKeyUsage, in the order given. */
export function extKeyUsageExtension(usages: readonly ExtKeyUsage[]): Extension {
  const names: Readonly<Record<string, string>> = extKeyUsageOids;
  const value = sequence(...usages.map((usage) => objectIdentifier(names[usage] ?? usage)));
  return { oid: oid.extKeyUsage, critical: false, value };
}

/** basicConstraints: always critical. `ca: false` is the default and so an empty SEQUENCE. */
export function basicConstraintsExtension({ ca, pathLength }: BasicConstraints): Extension {
  const parts = ca ? [boolean(true)] : [];
  if (pathLength !== undefined) parts.push(integer(pathLength));
  return { oid: oid.basicConstraints, critical: true, value: sequence(...parts) };
}

/** subjectKeyIdentifier. */
export function subjectKeyIdExtension(keyId: Uint8Array): Extension {
  return { oid: oid.subjectKeyId, critical: false, value: octetString(keyId) };
}

/** authorityKeyIdentifier with the key identifier alone. */
export function authorityKeyIdExtension(keyId: Uint8Array): Extension {
  return { oid: oid.authorityKeyId, critical: false, value: sequence(tlv(contextTag(0), keyId)) };
}

/** Names in the bytes they have in a subjectAltName. */
export interface EncodedAltNames {
  readonly dnsNames?: readonly string[] | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly ipAddresses?: readonly Uint8Array[] | undefined;
  readonly uris?: readonly string[] | undefined;
}

/** subjectAltName: DNS names, emails, IP addresses, URIs. Critical if and only if there is no subject. */
export function subjectAltNameExtension(names: EncodedAltNames, subjectIsEmpty: boolean): Extension {
  const parts: Uint8Array[] = [];
  const add = (number: number, values: readonly Uint8Array[]): void => {
    for (const value of values) parts.push(tlv(contextTag(number), value));
  };
  add(2, (names.dnsNames ?? []).map(ascii));
  add(1, (names.emails ?? []).map(ascii));
  add(7, names.ipAddresses ?? []);
  add(6, (names.uris ?? []).map(ascii));
  return { oid: oid.subjectAltName, critical: subjectIsEmpty, value: sequence(...parts) };
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
