import { contextConstructedTag } from "./der/tag.ts";
import { derNull, integer, objectIdentifier, sequence, tlv, toBytes } from "./der/writer.ts";

/** Algorithms that this package signs and verifies with. */
export type SignatureAlgorithm =
  | "ecdsa-sha256"
  | "ecdsa-sha384"
  | "ecdsa-sha512"
  | "rsa-sha256"
  | "rsa-sha384"
  | "rsa-sha512"
  | "rsa-pss-sha256"
  | "rsa-pss-sha384"
  | "rsa-pss-sha512"
  | "ed25519";

/** How an algorithm is called by node:crypto and written in a certificate. */
export interface SignatureAlgorithmDetails {
  readonly keyType: "ec" | "rsa" | "ed25519";
  /** The hash; undefined for Ed25519, which hashes by itself. */
  readonly hash: string | undefined;
  readonly pss: boolean;
  /** AlgorithmIdentifier in DER: the only form that is written or accepted. */
  readonly identifier: Uint8Array;
}

const hashOids = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
} as const;

function ecdsa(hash: keyof typeof hashOids, last: number): SignatureAlgorithmDetails {
  const identifier = toBytes(sequence(objectIdentifier(`1.2.840.10045.4.3.${last}`)));
  return { keyType: "ec", hash, pss: false, identifier };
}

function rsa(hash: keyof typeof hashOids, last: number): SignatureAlgorithmDetails {
  const identifier = toBytes(sequence(objectIdentifier(`1.2.840.113549.1.1.${last}`), derNull));
  return { keyType: "rsa", hash, pss: false, identifier };
}

// RSASSA-PSS as it is used in practice: MGF1 with the same hash, salt as long as the hash (RFC 4055 3.1).
function rsaPss(hash: keyof typeof hashOids, saltBytes: number): SignatureAlgorithmDetails {
  const hashIdentifier = sequence(objectIdentifier(hashOids[hash]), derNull);
  const parameters = sequence(
    tlv(contextConstructedTag(0), hashIdentifier),
    tlv(contextConstructedTag(1), sequence(objectIdentifier("1.2.840.113549.1.1.8"), hashIdentifier)),
    tlv(contextConstructedTag(2), integer(saltBytes)),
  );
  const identifier = toBytes(sequence(objectIdentifier("1.2.840.113549.1.1.10"), parameters));
  return { keyType: "rsa", hash, pss: true, identifier };
}

/** Every supported algorithm. */
export const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, SignatureAlgorithmDetails>> = {
  "ecdsa-sha256": ecdsa("sha256", 2),
  "ecdsa-sha384": ecdsa("sha384", 3),
  "ecdsa-sha512": ecdsa("sha512", 4),
  "rsa-sha256": rsa("sha256", 11),
  "rsa-sha384": rsa("sha384", 12),
  "rsa-sha512": rsa("sha512", 13),
  "rsa-pss-sha256": rsaPss("sha256", 32),
  "rsa-pss-sha384": rsaPss("sha384", 48),
  "rsa-pss-sha512": rsaPss("sha512", 64),
  ed25519: {
    keyType: "ed25519",
    hash: undefined,
    pss: false,
    identifier: toBytes(sequence(objectIdentifier("1.3.101.112"))),
  },
};

const byIdentifier: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  Object.entries(signatureAlgorithms).map(([name, { identifier }]) => [
    Buffer.from(identifier).toString("latin1"),
    name as SignatureAlgorithm,
  ]),
);

/** The algorithm that an AlgorithmIdentifier stands for; undefined if it is none of ours. */
export function signatureAlgorithmOf(identifier: Uint8Array): SignatureAlgorithm | undefined {
  return byIdentifier.get(Buffer.from(identifier).toString("latin1"));
}
