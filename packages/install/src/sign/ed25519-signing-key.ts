import { createPublicKey, type KeyObject, sign } from "node:crypto";
import type { SigningKey } from "./signing-key.ts";

/** Raw Ed25519 signatures (RFC 8032) of 64 bytes. */
export function ed25519SigningKey(key: KeyObject): SigningKey {
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error(`it is of the kind ${key.asymmetricKeyType}, not ed25519`);
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    kind: "ed25519",
    id: `ed25519:${Buffer.from(x, "base64url").toString("base64")}`,
    sign: async (bytes) => sign(null, bytes, key),
  };
}
