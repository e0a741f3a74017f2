import { type KeyObject, verify } from "node:crypto";
import { X509Error } from "./error.ts";
import type { SignedParts } from "./parse/certificate.ts";
import { keyInput } from "./sign.ts";
import { signatureAlgorithmOf, signatureAlgorithms } from "./signature-algorithm.ts";

/**
 * Throws unless `publicKey` made the signature.
 *
 * @throws X509Error `unsupported_signature_algorithm` for one that is unknown (or MD5, SHA-1),
 *   `bad_signature` otherwise
 */
export function checkSignature(signed: SignedParts, publicKey: KeyObject, what: string): void {
  const name = signatureAlgorithmOf(signed.algorithm);
  if (name === undefined) {
    throw new X509Error(
      "unsupported_signature_algorithm",
      `${what} is signed with an algorithm that is unknown or too weak (${Buffer.from(signed.algorithm).toString("hex")})`,
    );
  }
  const details = signatureAlgorithms[name];
  if (publicKey.asymmetricKeyType !== details.keyType) {
    throw badSignature(
      `${what} is signed with ${name}, but the signer's key is ${publicKey.asymmetricKeyType}`,
    );
  }
  if (!verify(details.hash, signed.body, keyInput(details, publicKey), signed.signature)) {
    throw badSignature(`the signature of the ${what} is not by this key`);
  }
}

function badSignature(message: string): X509Error {
  return new X509Error("bad_signature", message);
}
