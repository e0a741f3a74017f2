import { constants, type KeyObject, type SignKeyObjectInput, sign } from "node:crypto";
import type { SignatureAlgorithmDetails } from "./signature-algorithm.ts";

/** Signs in this thread. */
export function signSync(details: SignatureAlgorithmDetails, body: Uint8Array, key: KeyObject): Uint8Array {
  return sign(details.hash, body, keyInput(details, key));
}

/**
 * Signs in node's thread pool: worth its hand-over for RSA and the large curves, and for P-256 only
 * when several cores sign at once.
 */
export function signAsync(
  details: SignatureAlgorithmDetails,
  body: Uint8Array,
  key: KeyObject,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    sign(details.hash, body, keyInput(details, key), (error, signature) => {
      if (error === null) resolve(signature);
      else reject(error);
    });
  });
}

/** What node:crypto needs besides the key: padding for PSS, and nothing otherwise. */
export function keyInput(details: SignatureAlgorithmDetails, key: KeyObject): KeyObject | SignKeyObjectInput {
  if (!details.pss) return key;
  return {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
}
