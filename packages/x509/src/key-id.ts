import { hash } from "node:crypto";

/**
 * Ways to make a key identifier from a public key:
 * - `sha256-160`: the first 20 octets of SHA-256 over the key's bits (RFC 7093 2, method 1); Go's default.
 * - `sha1`: SHA-1 over the key's bits (RFC 5280 4.2.1.2, method 1); Vault's, OpenSSL's, older Go's.
 * - `sha256-spki`: all 32 octets of SHA-256 over the whole SubjectPublicKeyInfo; Consul's.
 */
export type KeyIdMethod = "sha256-160" | "sha1" | "sha256-spki";

/** The identifier of the public key in this SubjectPublicKeyInfo, which the caller has checked. */
export function keyIdOf(publicKeySpki: Uint8Array, method: KeyIdMethod): Uint8Array {
  switch (method) {
    case "sha256-160":
      return digest("sha256", keyBits(publicKeySpki)).subarray(0, 20);
    case "sha1":
      return digest("sha1", keyBits(publicKeySpki));
    case "sha256-spki":
      return digest("sha256", publicKeySpki);
  }
}

// In one step: about twice as fast as an object that is fed and then asked.
function digest(name: string, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(hash(name, bytes, "buffer"));
}

// SEQUENCE { algorithm SEQUENCE, BIT STRING }: the bits without their count of unused bits.
function keyBits(spki: Uint8Array): Uint8Array {
  const algorithm = contentBounds(spki, contentBounds(spki, 0).start);
  return spki.subarray(contentBounds(spki, algorithm.end).start + 1);
}

function contentBounds(der: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  const start = at + 2 + octets;
  return { start, end: start + length };
}
