import type { Certificate } from "./certificate.ts";
import type { ExtKeyUsage } from "./encode/extensions.ts";
import { X509Error, type X509ErrorCode } from "./error.ts";
import { type ComparisonBudget, checkNameConstraints } from "./name-constraints.ts";
import { unevaluatedConstraints } from "./parse/shapes.ts";

/** A CA in its place of a path: how many CAs stand between it and the leaf. */
export interface ChainStep {
  readonly certificate: Certificate;
  readonly casBelow: number;
}

/** What holds of a leaf by itself: valid at the time, no critical extension unknown. */
export function checkLeaf(leaf: Certificate, at: Date): void {
  checkAny(leaf, at);
}

/** What holds of a CA in a path, anchors included (RFC 5280 6.1.4 k to n). */
export function checkCa({ certificate, casBelow }: ChainStep, at: Date): void {
  checkAny(certificate, at);
  if (!certificate.isCa) throw refused("not_a_ca", certificate, "is not a CA certificate");
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.includes("certSign")) {
    throw refused("not_a_ca", certificate, "may not sign certificates: its key usage lacks certSign");
  }
  const { pathLength } = certificate;
  if (pathLength !== undefined && casBelow > pathLength) {
    throw refused(
      "path_too_long",
      certificate,
      `allows ${pathLength} CAs below it, the chain has ${casBelow}`,
    );
  }
}

/** What holds of a chain as a whole: names that are allowed, no constraint that is not evaluated, a purpose that all allow. */
export function checkWhole(
  chain: readonly Certificate[],
  extKeyUsage: readonly ExtKeyUsage[] | undefined,
  budget: ComparisonBudget,
): void {
  for (const certificate of chain) {
    const constraint = certificate.extensions.find(({ oid }) => unevaluatedConstraints.has(oid));
    if (constraint !== undefined && chain.length > 1) {
      throw refused(
        "unevaluated_constraint",
        certificate,
        `has constraint ${constraint.oid}, which is not supported`,
      );
    }
  }
  checkNameConstraints(chain, budget);
  if (extKeyUsage === undefined || extKeyUsage.includes("any")) return;
  if (!extKeyUsage.some((usage) => chain.every((certificate) => allows(certificate, usage)))) {
    throw new X509Error("incompatible_usage", `the chain is not valid for any of: ${extKeyUsage.join(", ")}`);
  }
}

function checkAny(certificate: Certificate, at: Date): void {
  const [unknown] = certificate.unhandledCriticalExtensions;
  if (unknown !== undefined) {
    throw refused(
      "unhandled_critical_extension",
      certificate,
      `has an unknown critical extension ${unknown}`,
    );
  }
  const { notBefore, notAfter } = certificate;
  if (at < notBefore) {
    throw refused("not_yet_valid", certificate, `is not valid before ${notBefore.toISOString()}`);
  }
  if (at > notAfter) throw refused("expired", certificate, `expired at ${notAfter.toISOString()}`);
}

function allows({ extKeyUsage }: Certificate, usage: ExtKeyUsage): boolean {
  return (
    extKeyUsage === undefined ||
    extKeyUsage.length === 0 ||
    extKeyUsage.some((own) => own === "any" || own === usage)
  );
}

function refused(code: X509ErrorCode, certificate: Certificate, problem: string): X509Error {
  const subject = certificate.subject.isEmpty ? "without subject" : certificate.subject.toString();
  return new X509Error(code, `certificate ${subject} ${problem}`, {
    facts: { subject: certificate.subject.toString(), serialNumber: certificate.serialNumber.toString(16) },
  });
}
