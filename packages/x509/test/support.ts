import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  type CertificateOptions,
  createCertificateSync,
  generateKeySync,
  type KeyRequest,
} from "@drawbar/x509";

/** The time at which tests verify. */
export const now: Date = new Date("2026-06-01T12:00:00Z");

/** `now`, some seconds later. */
export function later(seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

/** A certificate with its key. */
export interface Identity {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

/** A CA: self-signed, or signed by `parent`. */
export function authority(
  commonName: string,
  parent?: Identity,
  changes: Partial<CertificateOptions> = {},
  key: KeyRequest = { type: "ec", curve: "P-256" },
): Identity {
  const { privateKey, publicKey } = generateKeySync(key);
  const certificate = createCertificateSync({
    subject: { commonName },
    publicKey,
    issuer: parent ?? { key: privateKey },
    notBefore: later(-3600),
    notAfter: later(3600),
    basicConstraints: { ca: true },
    keyUsage: ["certSign", "crlSign", "digitalSignature"],
    ...changes,
  });
  return { certificate, key: privateKey };
}

/** A leaf as a mesh has it: no subject, a URI. */
export function leaf(parent: Identity, changes: Partial<CertificateOptions> = {}): Identity {
  const { privateKey, publicKey } = generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = createCertificateSync({
    publicKey,
    issuer: parent,
    notBefore: later(-60),
    notAfter: later(600),
    basicConstraints: { ca: false },
    keyUsage: ["dataEncipherment", "keyAgreement", "digitalSignature", "keyEncipherment"],
    extKeyUsage: ["clientAuth", "serverAuth"],
    subjectAltNames: { uris: ["spiffe://1.consul/ns/default/dc/dc1/svc/web"] },
    ...changes,
  });
  return { certificate, key: privateKey };
}
