import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  type CertificateOptions,
  createCertificateSync,
  generateKeySync,
  type KeyPair,
  type KeyRequest,
} from "@drawbar/x509";

/** The time at which chains are verified. */
export const now: Date = new Date("2026-06-01T12:00:00Z");

/** A certificate with its key. */
export interface Identity {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

/** Every kind of key that a CA may have. */
export const caKeys: readonly KeyRequest[] = [
  { type: "ec", curve: "P-224" },
  { type: "ec", curve: "P-256" },
  { type: "ec", curve: "P-384" },
  { type: "ec", curve: "P-521" },
  { type: "rsa", bits: 2048 },
];

const rsaKeys = new Map<string, KeyPair>();

/** A fresh key; of RSA, which takes long to make, one for each owner. */
export function keyOf(owner: string, request: KeyRequest): KeyPair {
  if (request.type !== "rsa") return generateKeySync(request);
  const made = rsaKeys.get(owner) ?? generateKeySync(request);
  rsaKeys.set(owner, made);
  return made;
}

/** `now`, some seconds later. */
export function later(seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

/** A certificate of ours with a key of its subject's own, or the one given; self-signed without a parent. */
export function issue(
  parent: Identity | undefined,
  options: Partial<CertificateOptions>,
  key: KeyRequest | KeyPair = { type: "ec", curve: "P-256" },
): Identity {
  const { privateKey, publicKey } =
    "privateKey" in key ? key : keyOf(String(options.subject?.commonName), key);
  const certificate = createCertificateSync({
    publicKey,
    issuer: parent ?? { key: privateKey },
    notBefore: later(-3600),
    notAfter: later(3600),
    ...options,
  });
  return { certificate, key: privateKey };
}

/** A CA as Consul makes its root. */
export function issueCa(
  commonName: string,
  parent?: Identity,
  options: Partial<CertificateOptions> = {},
  key?: KeyRequest | KeyPair,
): Identity {
  return issue(
    parent,
    {
      subject: { commonName },
      subjectAltNames: { uris: ["spiffe://11111111-2222-3333-4444-555555555555.consul"] },
      basicConstraints: { ca: true },
      keyUsage: ["certSign", "crlSign", "digitalSignature"],
      ...options,
    },
    key,
  );
}

/** A leaf as Consul makes it: no subject. */
export function issueLeaf(
  parent: Identity,
  options: Partial<CertificateOptions> = {},
  key?: KeyPair,
): Identity {
  const own: Partial<CertificateOptions> = {
    subjectAltNames: {
      uris: ["spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/web"],
      dnsNames: ["localhost", "*.example.com"],
      ipAddresses: ["127.0.0.1", "::1"],
    },
    basicConstraints: { ca: false },
    keyUsage: ["dataEncipherment", "keyAgreement", "digitalSignature", "keyEncipherment"],
    extKeyUsage: ["clientAuth", "serverAuth"],
    subjectKeyId: Uint8Array.of(1, 2, 3, 4),
  };
  return issue(parent, { ...own, ...options }, key);
}
