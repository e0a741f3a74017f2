import { generateKeyPair, generateKeyPairSync, type KeyObject } from "node:crypto";
import { X509Error } from "./error.ts";
import type { Curve } from "./parse/public-key.ts";

/** What kind of key to make. RSA needs at least 2048 bits. */
export type KeyRequest =
  | { readonly type: "ec"; readonly curve: Curve }
  | { readonly type: "rsa"; readonly bits: number };

/** A fresh key in two halves. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Makes a key in node's thread pool: RSA takes from 50 ms to seconds. */
export function generateKey(request: KeyRequest): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject): void => {
      if (error === null) resolve({ publicKey, privateKey });
      else reject(error);
    };
    const checked = check(request);
    if (checked.type === "ec") generateKeyPair("ec", { namedCurve: curveNames[checked.curve] }, done);
    else generateKeyPair("rsa", { modulusLength: checked.bits }, done);
  });
}

/** Makes a key in this thread. */
export function generateKeySync(request: KeyRequest): KeyPair {
  const checked = check(request);
  return checked.type === "ec"
    ? generateKeyPairSync("ec", { namedCurve: curveNames[checked.curve] })
    : generateKeyPairSync("rsa", { modulusLength: checked.bits });
}

const curveNames: Readonly<Record<Curve, string>> = {
  "P-224": "secp224r1",
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};

function check(request: KeyRequest): KeyRequest {
  if (request.type === "ec" && !Object.hasOwn(curveNames, request.curve)) {
    throw new X509Error(
      "invalid_option",
      `unknown curve ${request.curve}, expected ${Object.keys(curveNames)}`,
    );
  }
  if (
    request.type === "rsa" &&
    !(Number.isInteger(request.bits) && request.bits >= 2048 && request.bits <= 16384)
  ) {
    throw new X509Error("invalid_option", `RSA key of ${request.bits} bits, expected 2048 to 16384`);
  }
  return request;
}
