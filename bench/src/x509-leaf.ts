import { type KeyObject, sign } from "node:crypto";
import { type Certificate, createCertificateSync, generateKeySync } from "@drawbar/x509";

/** How many leaf certificates a second, and how many bare signatures over bytes of the same length. */
export interface LeafRates {
  readonly leafsPerSecond: number;
  readonly signaturesPerSecond: number;
  /** leafs / signatures: how much of the time goes into signing. */
  readonly ratio: number;
}

/**
 * The rate at which an authority with a P-256 key makes mesh leafs (URI and DNS name, key ids, usages),
 * to PEM, against node:crypto signing with the same key. The two take turns call by call, and each rate
 * comes from its median call, so that neither a busy moment nor the order decides.
 */
export function measureLeafRates(calls: number = 15_000): LeafRates {
  const authority = makeAuthority();
  const { signedBytes } = makeLeaf(authority, 1n);
  const [leafMs, bareMs]: [number[], number[]] = [[], []];
  const warmUpCalls = 4_000;
  for (let call = 0; call < warmUpCalls + calls; call++) {
    const start = performance.now();
    makeLeaf(authority, BigInt(call + 1)).toPem();
    const between = performance.now();
    sign("sha256", signedBytes, authority.key);
    const end = performance.now();
    if (call < warmUpCalls) continue;
    leafMs.push(between - start);
    bareMs.push(end - between);
  }
  const [leafsPerSecond, signaturesPerSecond] = [1000 / median(leafMs), 1000 / median(bareMs)];
  return { leafsPerSecond, signaturesPerSecond, ratio: leafsPerSecond / signaturesPerSecond };
}

interface Authority {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  readonly leafKey: KeyObject;
}

const hourMs = 3_600_000;

function makeAuthority(): Authority {
  const { privateKey: key, publicKey } = generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = createCertificateSync({
    subject: { commonName: "bench" },
    publicKey,
    issuer: { key },
    notBefore: new Date(),
    notAfter: new Date(Date.now() + hourMs),
    basicConstraints: { ca: true },
    keyUsage: ["certSign", "crlSign", "digitalSignature"],
  });
  return { certificate, key, leafKey: generateKeySync({ type: "ec", curve: "P-256" }).publicKey };
}

function makeLeaf({ certificate, key, leafKey }: Authority, serialNumber: bigint): Certificate {
  const now = Date.now();
  return createCertificateSync({
    serialNumber,
    publicKey: leafKey,
    issuer: { certificate, key },
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + hourMs),
    basicConstraints: { ca: false },
    keyUsage: ["dataEncipherment", "keyAgreement", "digitalSignature", "keyEncipherment"],
    extKeyUsage: ["clientAuth", "serverAuth"],
    subjectKeyId: keyIdentifier,
    subjectAltNames: {
      uris: ["spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/web"],
      dnsNames: ["web.service.consul"],
    },
  });
}

const keyIdentifier = new Uint8Array(32).fill(7);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
