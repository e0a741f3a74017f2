import type { DerReader } from "../der/reader.ts";
import { contextTag, tag } from "../der/tag.ts";
import type { BasicConstraints, Extension, ExtKeyUsage } from "../encode/extensions.ts";
import { malformed } from "../error.ts";
import { type KeyUsage, keyUsageBits } from "../key-usage.ts";
import { extKeyUsageOids, oid } from "../oids.ts";
import { noAltNames, readAltNames, type SubjectAltNames } from "./alt-names.ts";
import { type NameConstraints, readNameConstraints } from "./name-constraints.ts";
import { checkShape } from "./shapes.ts";

/** What the extensions of a certificate or request say. */
export interface ExtensionFields {
  /** All of them, raw, in order. */
  readonly extensions: readonly Extension[];
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly extKeyUsage: readonly ExtKeyUsage[] | undefined;
  readonly subjectAltNames: SubjectAltNames;
  readonly nameConstraints: NameConstraints | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  /** Identifiers of critical extensions that nothing here understands. */
  readonly unhandledCritical: readonly string[];
}

type Known = { -readonly [Field in keyof ExtensionFields]: ExtensionFields[Field] };

/** Extensions (RFC 5280 4.1.2.9); undefined stands for none. Each may occur once. */
export function readExtensions(reader: DerReader | undefined): ExtensionFields {
  const extensions: Extension[] = [];
  const unhandledCritical: string[] = [];
  const known: Known = {
    extensions,
    basicConstraints: undefined,
    keyUsage: undefined,
    extKeyUsage: undefined,
    subjectAltNames: noAltNames,
    nameConstraints: undefined,
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    unhandledCritical,
  };
  if (reader === undefined) return known;
  const seen = new Set<string>();
  const list = reader.enter(tag.sequence, "extensions");
  reader.finish("extensions");
  list.forEach("extensions", () => {
    const at = list.offset;
    const item = list.enter(tag.sequence, "extension");
    const id = item.objectIdentifier("extension identifier");
    if (seen.has(id)) throw malformed("extensions", at, `extension ${id} occurs twice`);
    seen.add(id);
    const critical = item.nextTag === tag.boolean ? item.boolean("extension criticality") : false;
    const start = item.offset;
    const value = item.contents(tag.octetString, "extension value");
    extensions.push({ oid: id, critical, value });
    item.finish("extension");
    const handled = readKnown(known, id, critical, item.reread(start).enter(tag.octetString, id));
    if (critical && !handled) unhandledCritical.push(id);
  });
  return known;
}

// Reads an extension's value into its field; false if it is of no kind that is understood.
function readKnown(known: Known, id: string, critical: boolean, value: DerReader): boolean {
  switch (id) {
    case oid.basicConstraints:
      known.basicConstraints = readBasicConstraints(value);
      return true;
    case oid.keyUsage:
      known.keyUsage = readKeyUsage(value);
      return true;
    case oid.extKeyUsage:
      known.extKeyUsage = readExtKeyUsage(value);
      return true;
    case oid.subjectAltName:
      known.subjectAltNames = readAltNames(value);
      return Object.values(known.subjectAltNames).some((names: readonly string[]) => names.length > 0);
    case oid.nameConstraints:
      known.nameConstraints = readNameConstraints(value);
      return true;
    case oid.subjectKeyId:
      refuseCritical(critical, value, "subjectKeyIdentifier");
      known.subjectKeyId = value.contents(tag.octetString, "subjectKeyIdentifier");
      value.finish("subjectKeyIdentifier");
      return true;
    case oid.authorityKeyId:
      refuseCritical(critical, value, "authorityKeyIdentifier");
      known.authorityKeyId = readAuthorityKeyId(value);
      return true;
    default:
      if (id === oid.authorityInfoAccess) refuseCritical(critical, value, "authorityInfoAccess");
      return checkShape(id, value);
  }
}

// RFC 5280 4.2.1.1, 4.2.1.2, 4.2.2.1: conforming CAs must mark these as not critical.
function refuseCritical(critical: boolean, value: DerReader, what: string): void {
  if (critical) throw malformed(what, value.offset, "must not be critical");
}

function readBasicConstraints(value: DerReader): BasicConstraints {
  const what = "basicConstraints";
  const fields = value.enter(tag.sequence, what);
  value.finish(what);
  const ca = fields.nextTag === tag.boolean ? fields.boolean(`${what} cA`) : false;
  const pathLength = fields.atEnd ? undefined : fields.smallInteger(`${what} pathLenConstraint`);
  fields.finish(what);
  return pathLength === undefined ? { ca } : { ca, pathLength };
}

function readKeyUsage(value: DerReader): readonly KeyUsage[] {
  const { octets } = value.bitString("keyUsage");
  value.finish("keyUsage");
  return Object.entries(keyUsageBits)
    .filter(([, bit]) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
    .map(([usage]) => usage as KeyUsage);
}

const usageNames: ReadonlyMap<string, ExtKeyUsage> = new Map(
  Object.entries(extKeyUsageOids).map(([name, id]) => [id, name as ExtKeyUsage]),
);

function readExtKeyUsage(value: DerReader): readonly ExtKeyUsage[] {
  const usages: ExtKeyUsage[] = [];
  const list = value.enter(tag.sequence, "extKeyUsage");
  value.finish("extKeyUsage");
  list.forEach("extKeyUsage", () => {
    const id = list.objectIdentifier("extKeyUsage purpose");
    usages.push(usageNames.get(id) ?? (id as ExtKeyUsage));
  });
  return usages;
}

function readAuthorityKeyId(value: DerReader): Uint8Array | undefined {
  const what = "authorityKeyIdentifier";
  const fields = value.enter(tag.sequence, what);
  value.finish(what);
  const keyId = fields.nextTag === contextTag(0) ? fields.contents(contextTag(0), what) : undefined;
  fields.forEach(what, () => fields.element(what));
  return keyId;
}
