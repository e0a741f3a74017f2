import { type KeyObject, verify } from "node:crypto";
import { X509Error } from "./error.ts";
import type { SignedParts } from "./parse/certificate.ts";
import { resumeTogether } from "./resume-together.ts";
import { keyInput } from "./sign.ts";
import {
  type SignatureAlgorithmDetails,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from "./signature-algorithm.ts";

/**
 * Throws unless `publicKey` made the signature.
 *
 * @throws X509Error `unsupported_signature_algorithm` for one that is unknown (or MD5, SHA-1),
 *   `bad_signature` otherwise
 */
export function checkSignature(signed: SignedParts, publicKey: KeyObject, what: string): void {
  const details = detailsFor(signed, publicKey, what);
  if (!verify(details.hash, signed.body, keyInput(details, publicKey), signed.signature)) {
    throw notByThisKey(what);
  }
}

/** The same in node's thread pool. Checks that end at about the same time go on in one turn. */
export async function checkSignatureAsync(
  signed: SignedParts,
  publicKey: KeyObject,
  what: string,
): Promise<void> {
  const details = detailsFor(signed, publicKey, what);
  const isByKey = await new Promise<boolean>((resolve, reject) => {
    verify(details.hash, signed.body, keyInput(details, publicKey), signed.signature, (error, result) => {
      resumeTogether(() => (error === null ? resolve(result) : reject(error)));
    });
  });
  if (!isByKey) throw notByThisKey(what);
}

/** How the signature is made, which must be one that such a key can make. */
function detailsFor(signed: SignedParts, publicKey: KeyObject, what: string): SignatureAlgorithmDetails {
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
  return details;
}

function notByThisKey(what: string): X509Error {
  return badSignature(`the signature of the ${what} is not by this key`);
}

function badSignature(message: string): X509Error {
  return new X509Error("bad_signature", message);
}
