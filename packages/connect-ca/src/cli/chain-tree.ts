import type { Certificate } from "@drawbar/x509";

/** A certificate with those that it signed. */
export interface ChainNode {
  readonly certificate: Certificate;
  readonly signed: readonly ChainNode[];
}

/**
 * Certificates below those that signed them, whatever order they came in. A signer is known by its key id
 * and its signature, not by its name alone: CAs of a mesh may have none. Where a root and the same CA
 * cross-signed are both there, what it signed stands below the root.
 */
export function chainTree(certificates: readonly Certificate[]): readonly ChainNode[] {
  const children = new Map<Certificate | undefined, Certificate[]>();
  for (const certificate of certificates) {
    const signer = signerOf(certificate, certificates);
    const siblings = children.get(signer) ?? [];
    children.set(signer, [...siblings, certificate]);
  }
  const placed = new Set<Certificate>();
  const nodeOf = (certificate: Certificate): ChainNode => {
    placed.add(certificate);
    const below = (children.get(certificate) ?? []).filter((child) => !placed.has(child));
    return { certificate, signed: below.map(nodeOf) };
  };
  const roots = (children.get(undefined) ?? []).map(nodeOf);
  // CAs that signed each other have no first one: begin with any.
  for (const certificate of certificates) if (!placed.has(certificate)) roots.push(nodeOf(certificate));
  return roots;
}

function signerOf(certificate: Certificate, all: readonly Certificate[]): Certificate | undefined {
  if (isSelfSigned(certificate)) return undefined;
  const signers = all.filter((other) => !other.equals(certificate) && hasSigned(other, certificate));
  return signers.find(isSelfSigned) ?? signers[0];
}

function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && hasSigned(certificate, certificate);
}

function hasSigned(signer: Certificate, certificate: Certificate): boolean {
  if (Buffer.compare(signer.subject.raw, certificate.issuer.raw) !== 0) return false;
  const { authorityKeyId } = certificate;
  const { subjectKeyId } = signer;
  const isOther = authorityKeyId !== undefined && subjectKeyId !== undefined;
  if (isOther && Buffer.compare(authorityKeyId, subjectKeyId) !== 0) return false;
  try {
    certificate.checkSignature(signer.publicKey);
    return true;
  } catch {
    return false;
  }
}
