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
 * to PEM, against node:crypto signing with the same key. The two take turns, `rounds` times for
 * `roundMs` each; each rate is the median of its rounds, so that a busy moment does not decide.
 */
export function measureLeafRates(rounds: number = 9, roundMs: number = 200): LeafRates {
  const authority = makeAuthority();
  const { signedBytes } = makeLeaf(authority, 1n);
  let serialNumber = 1n;
  const leaf = (): unknown => makeLeaf(authority, ++serialNumber).toPem();
  const bare = (): unknown => sign("sha256", signedBytes, authority.key);
  const rates = { leaf: [] as number[], bare: [] as number[] };
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const [leafs, signatures] = [perSecond(leaf, roundMs), perSecond(bare, roundMs)];
    if (round === 0) continue;
    rates.leaf.push(leafs);
    rates.bare.push(signatures);
  }
  const [leafsPerSecond, signaturesPerSecond] = [median(rates.leaf), median(rates.bare)];
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

function perSecond(run: () => unknown, durationMs: number): number {
  const start = performance.now();
  let count = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let i = 0; i < 50; i++) run();
    count += 50;
    elapsedMs = performance.now() - start;
  }
  return (count / elapsedMs) * 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
