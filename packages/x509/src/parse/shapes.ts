import type { DerReader } from "../der/reader.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import { malformed } from "../error.ts";
import { oid } from "../oids.ts";

/**
 * Extensions that restrict which paths are valid and that are not evaluated here. A chain that holds
 * one is refused, critical or not: to ignore a restriction would be to lift it.
 */
export const unevaluatedConstraints: ReadonlySet<string> = new Set([
  oid.policyMappings,
  oid.policyConstraints,
  oid.inhibitAnyPolicy,
]);

/**
 * Checks an extension whose contents are kept raw: known ones must have their shape. False if the
 * extension is not known.
 */
export function checkShape(id: string, value: DerReader): boolean {
  const check = shapes[id];
  if (check === undefined) return false;
  check(value, id);
  value.finish(id);
  return true;
}

const shapes: Readonly<Record<string, (value: DerReader, what: string) => void>> = {
  [oid.crlDistributionPoints]: (value, what) => {
    eachSequence(value, what, (point) => {
      // [0] holds a CHOICE, of which the full name, [0] again, is the form in use.
      const name = point.enterOptional(contextConstructedTag(0), what);
      const fullName = name?.enter(contextConstructedTag(0), what);
      fullName?.forEach(what, () => fullName.element(what));
      name?.finish(what);
      point.forEach(what, () => point.element(what));
    });
  },
  [oid.certificatePolicies]: (value, what) => {
    const seen = new Set<string>();
    eachSequence(value, what, (policy) => {
      const at = policy.offset;
      const id = policy.objectIdentifier(what);
      if (seen.has(id)) throw malformed(what, at, `policy ${id} occurs twice`);
      seen.add(id);
      if (!policy.atEnd) policy.element(what, tag.sequence);
      policy.finish(what);
    });
  },
  [oid.policyMappings]: (value, what) => {
    eachSequence(value, what, (mapping) => {
      mapping.objectIdentifier(what);
      mapping.objectIdentifier(what);
      mapping.finish(what);
    });
  },
  [oid.policyConstraints]: (value, what) => {
    const fields = value.enter(tag.sequence, what);
    for (const number of [0, 1]) {
      if (fields.nextTag === contextTag(number)) fields.smallInteger(what, contextTag(number));
    }
    fields.finish(what);
  },
  [oid.inhibitAnyPolicy]: (value, what) => {
    value.smallInteger(what);
  },
  [oid.authorityInfoAccess]: (value, what) => {
    eachSequence(value, what, (access) => {
      access.objectIdentifier(what);
      access.element(what);
      access.finish(what);
    });
  },
};

function eachSequence(value: DerReader, what: string, read: (item: DerReader) => void): void {
  const list = value.enter(tag.sequence, what);
  list.forEach(what, () => read(list.enter(tag.sequence, what)));
}
