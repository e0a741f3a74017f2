import type { Certificate } from "./certificate.ts";
import { X509Error } from "./error.ts";
import { ipAddressOctets } from "./ip-address.ts";
import { isInRange, parseIpRange } from "./ip-range.ts";
import type { NameSubtrees } from "./parse/name-constraints.ts";

/** Comparisons that one search may still make: many names below many constraints must not keep us busy. */
export interface ComparisonBudget {
  left: number;
}

export const mostComparisons = 250_000;

/**
 * Checks the names of each certificate of a chain, leaf first, against the constraints of those above it
 * (RFC 5280 6.1.3 b, c). Where the RFC and Go's crypto/x509 differ, the stricter rule holds: see spec.md.
 *
 * @throws X509Error `name_not_permitted`, `unevaluated_constraint`, `limit_exceeded`
 */
export function checkNameConstraints(chain: readonly Certificate[], budget: ComparisonBudget): void {
  for (const [index, { nameConstraints }] of chain.entries()) {
    if (nameConstraints === undefined || index === 0) continue;
    if (nameConstraints.hasOthers) {
      const problem = "restricts kinds of names that are not evaluated, such as directory names";
      throw new X509Error("unevaluated_constraint", `a CA ${problem}`);
    }
    const { permitted, excluded } = nameConstraints;
    for (const certificate of chain.slice(0, index)) {
      for (const name of namesOf(certificate)) checkName(name, permitted, excluded, budget);
    }
  }
}

/** A name to be compared, and whether a constraint of its kind holds for it. */
interface Name {
  readonly kind: keyof NameSubtrees;
  readonly text: string;
  /** The constraint permits it: never more than its very words say. */
  isPermittedBy(constraint: string): boolean;
  /** The constraint excludes it: never less than its words can be read to say. */
  isExcludedBy(constraint: string): boolean;
}

function checkName(
  name: Name,
  permitted: NameSubtrees,
  excluded: NameSubtrees,
  budget: ComparisonBudget,
): void {
  const [allowed, refused] = [permitted[name.kind], excluded[name.kind]];
  budget.left -= allowed.length + refused.length;
  if (budget.left < 0)
    throw new X509Error("limit_exceeded", "too many names below too many name constraints");
  if (allowed.length > 0 && !allowed.some((constraint) => name.isPermittedBy(constraint))) {
    throw notPermitted(name, "is not permitted by any name constraint of a CA above it");
  }
  const match = refused.find((constraint) => name.isExcludedBy(constraint));
  if (match !== undefined) throw notPermitted(name, `is excluded by the name constraint "${match}"`);
}

const emailAddress = "1.2.840.113549.1.9.1";

function namesOf({ subject, subjectAltNames: names }: Certificate): readonly Name[] {
  // RFC 5280 4.2.1.10: the attribute of old certificates counts as an email.
  const inSubject = subject.attributes.filter(({ oid }) => oid === emailAddress);
  return [
    ...names.dnsNames.map(dnsName),
    ...names.uris.map(uriName),
    ...names.ipAddresses.map(ipName),
    ...[...names.emails, ...inSubject.map(({ value }) => value)].map(emailName),
  ];
}

function dnsName(text: string): Name {
  const name = domain(text, text);
  const base = name.split(".", 1)[0]?.includes("*") === true ? afterFirstLabel(name) : undefined;
  return {
    kind: "dnsNames",
    text,
    isPermittedBy: (constraint) => isWithin(name, constraint),
    // A wildcard stands for the excluded name as well, if that has one label in its place.
    isExcludedBy: (constraint) =>
      isWithin(name, constraint) ||
      (base !== undefined && afterFirstLabel(constraint.toLowerCase()) === base),
  };
}

function uriName(text: string): Name {
  const host = /^[^:]+:\/\/(?:[^/?#@]*@)?([^/?#:[]+)(?::\d*)?(?:[/?#]|$)/.exec(text)?.[1];
  if (host === undefined || ipAddressOctets(host) !== undefined) {
    throw notPermitted(
      { kind: "uris", text },
      "has no host name that name constraints could be compared with",
    );
  }
  return { kind: "uris", text, ...hostRules(domain(host, text)) };
}

function emailName(text: string): Name {
  const at = text.lastIndexOf("@");
  if (at <= 0 || at === text.length - 1) throw notPermitted({ kind: "emails", text }, "is not a mailbox");
  const local = unquoted(text.slice(0, at));
  const host = domain(text.slice(at + 1), text);
  const rules = hostRules(host);
  const isMailbox = (constraint: string): boolean => {
    const split = constraint.lastIndexOf("@");
    return constraint.slice(0, split) === local && constraint.slice(split + 1).toLowerCase() === host;
  };
  return {
    kind: "emails",
    text,
    isPermittedBy: (constraint) =>
      constraint.includes("@") ? isMailbox(constraint) : rules.isPermittedBy(constraint),
    isExcludedBy: (constraint) =>
      constraint.includes("@") ? isMailbox(constraint) : rules.isExcludedBy(constraint),
  };
}

// RFC 5280: a constraint without a leading dot is one host. Go takes it for a domain: more is excluded then.
function hostRules(host: string): Pick<Name, "isPermittedBy" | "isExcludedBy"> {
  return {
    isPermittedBy: (constraint) =>
      constraint === "" || constraint.startsWith(".")
        ? isWithin(host, constraint)
        : host === constraint.toLowerCase(),
    isExcludedBy: (constraint) => isWithin(host, constraint),
  };
}

function ipName(text: string): Name {
  const octets = ipAddressOctets(text) ?? new Uint8Array(0);
  // The same address in two families: excluded in either, and permitted in none.
  const inner = text.startsWith("::ffff:") && text.includes(".") ? octets.subarray(12) : undefined;
  const isIn = (address: Uint8Array, constraint: string): boolean => {
    const range = parseIpRange(constraint);
    return range !== undefined && isInRange(address, range);
  };
  return {
    kind: "ipRanges",
    text,
    isPermittedBy: (constraint) => inner === undefined && isIn(octets, constraint),
    isExcludedBy: (constraint) =>
      isIn(octets, constraint) || (inner !== undefined && isIn(inner, constraint)),
  };
}

/** The domain in small letters, if it can be compared: a trailing dot would slip past every constraint. */
function domain(host: string, text: string): string {
  if (!host.split(".").includes("")) return host.toLowerCase();
  throw notPermitted(
    { kind: "dnsNames", text },
    "has an empty label and cannot be compared with constraints",
  );
}

/** Whether a domain is the constraint or below it; with a leading dot, below it. "" has all below it. */
function isWithin(name: string, constraint: string): boolean {
  const wanted = constraint.toLowerCase();
  if (wanted === "" || name === wanted) return true;
  return name.endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`);
}

/** `.b.c` of `a.b.c`; "" of a single label. */
function afterFirstLabel(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

function unquoted(local: string): string {
  return /^".*"$/.test(local) ? local.slice(1, -1).replace(/\\(.)/g, "$1") : local;
}

function notPermitted({ kind, text }: Pick<Name, "kind" | "text">, problem: string): X509Error {
  return new X509Error("name_not_permitted", `${kindNames[kind]} ${text} ${problem}`, {
    facts: { name: text },
  });
}

const kindNames: Readonly<Record<keyof NameSubtrees, string>> = {
  dnsNames: "DNS name",
  ipRanges: "IP address",
  emails: "email",
  uris: "URI",
};
