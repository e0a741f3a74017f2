import type { KeyObject } from "node:crypto";
import { Certificate } from "./certificate.ts";
import { type KeyIdMethod, keyIdOf } from "./key-id.ts";
import { spkiOf } from "./keys.ts";
import { CertificateRequest } from "./request.ts";

/** Whatever has a public key: a key itself, or the certificate or request that holds it. */
export type PublicKeySource = KeyObject | Certificate | CertificateRequest;

/** SubjectPublicKeyInfo in DER. */
export function spkiOfSource(source: PublicKeySource): Uint8Array {
  const holdsKey = source instanceof Certificate || source instanceof CertificateRequest;
  return holdsKey ? source.publicKeySpki : spkiOf(source);
}

/** The identifier of a public key. See `KeyIdMethod` for who uses which. */
export function keyId(source: PublicKeySource, method: KeyIdMethod): Uint8Array {
  return keyIdOf(spkiOfSource(source), method);
}
