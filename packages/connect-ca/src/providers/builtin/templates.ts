import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  type CertificateOptions,
  type CertificateRequest,
  defaultSignatureAlgorithm,
  type ExtKeyUsage,
  extensionOids,
  type KeyUsage,
  keyId,
  keyKind,
} from "@drawbar/x509";
import { type GoDuration, goDurationToMs, hour } from "../../config/go-duration.ts";
import { signatureOfMesh } from "../../requests/create-csr.ts";
import type { Signer } from "./signer.ts";

const caUsage: readonly KeyUsage[] = ["certSign", "crlSign", "digitalSignature"];
const leafUsage: readonly KeyUsage[] = [
  "dataEncipherment",
  "keyAgreement",
  "digitalSignature",
  "keyEncipherment",
];
const leafPurposes: readonly ExtKeyUsage[] = ["clientAuth", "serverAuth"];

/** Certificates begin a little in the past, for those whose clocks are behind. */
const backdateMs = 60_000;
/** Cross-signed CAs live long enough for everybody to learn of the new root. */
export const crossSignedTtl: GoDuration = 7n * 24n * hour;

/** What every certificate gets anew. */
export interface Stamp {
  readonly serialNumber: bigint;
  readonly now: Date;
  readonly ttl: GoDuration;
}

/** A root with a key of its own. It begins now and may have any number of CAs below. */
export function rootTemplate(
  key: KeyObject,
  root: Stamp & { readonly commonName: string; readonly uri: string },
): CertificateOptions {
  const id = keyId(key, "sha256-spki");
  return {
    subject: { commonName: root.commonName },
    publicKey: key,
    issuer: { key },
    serialNumber: root.serialNumber,
    subjectAltNames: { uris: [root.uri] },
    basicConstraints: { ca: true },
    keyUsage: caUsage,
    subjectKeyId: id,
    authorityKeyId: id,
    notBefore: root.now,
    notAfter: new Date(root.now.getTime() + goDurationToMs(root.ttl)),
  };
}

/** A secondary's CA: names are those of the request, and only leafs may come below. */
export function intermediateTemplate(
  signer: Signer,
  csr: CertificateRequest,
  issued: Stamp,
): CertificateOptions {
  return {
    ...belowSigner(signer, issued),
    serialNumber: issued.serialNumber,
    publicKey: csr,
    subjectKeyId: keyId(csr, "sha256-spki"),
    subject: csr.subject,
    subjectAltNames: csr.subjectAltNames,
    basicConstraints: { ca: true, pathLength: 0 },
    keyUsage: caUsage,
  };
}

/** A service's certificate: it has no subject, its identity is the URI. */
export function leafTemplate(signer: Signer, csr: CertificateRequest, issued: Stamp): CertificateOptions {
  const { uris, dnsNames, ipAddresses } = csr.subjectAltNames;
  const below = belowSigner(signer, issued);
  // One by one: spread, they make an object of a slow kind, and a leaf takes a quarter more time.
  return {
    issuer: below.issuer,
    authorityKeyId: below.authorityKeyId,
    signatureAlgorithm: below.signatureAlgorithm,
    notBefore: below.notBefore,
    notAfter: below.notAfter,
    serialNumber: issued.serialNumber,
    publicKey: csr,
    subjectKeyId: keyId(csr, "sha256-spki"),
    subjectAltNames: { uris, dnsNames, ipAddresses },
    basicConstraints: { ca: false },
    keyUsage: leafUsage,
    extKeyUsage: leafPurposes,
  };
}

/** What the template decides; other extensions of a cross-signed CA are carried over as they are. */
const replacedExtensions: ReadonlySet<string> = new Set([
  extensionOids.subjectKeyId,
  extensionOids.authorityKeyId,
]);

/**
 * Another CA's certificate as it is, under our signature. Restrictions that it has stay (upstream drops those
 * that it cannot read).
 */
export function crossSignedTemplate(signer: Signer, other: Certificate, issued: Stamp): CertificateOptions {
  return {
    ...belowSigner(signer, issued),
    serialNumber: issued.serialNumber,
    publicKey: other,
    subject: other.subject,
    subjectKeyId: other.subjectKeyId,
    extraExtensions: other.extensions.filter(({ oid }) => !replacedExtensions.has(oid)),
    signatureAlgorithm: rootsOwnAlgorithm(signer),
  };
}

function belowSigner(
  { certificate, key }: Signer,
  { now, ttl }: Stamp,
): Pick<CertificateOptions, "issuer" | "authorityKeyId" | "signatureAlgorithm" | "notBefore" | "notAfter"> {
  const beginMs = now.getTime() - backdateMs;
  return {
    issuer: { certificate, key },
    // Given as well, because below a CA without a subject the names are equal and tell nothing.
    authorityKeyId: certificate.subjectKeyId,
    signatureAlgorithm: signatureOfMesh(key),
    notBefore: new Date(beginMs),
    notAfter: new Date(beginMs + goDurationToMs(ttl)),
  };
}

/** What our certificate is signed with, if our key can do the same: a supplied one may be another CA's. */
function rootsOwnAlgorithm({ certificate, key }: Signer): CertificateOptions["signatureAlgorithm"] {
  const algorithm = certificate.signatureAlgorithm;
  const { type } = keyKind(key);
  const isOurs = algorithm?.startsWith(type === "ec" ? "ecdsa-" : "rsa-") === true;
  return isOurs ? algorithm : defaultSignatureAlgorithm(key);
}
