import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { DetachedSignature } from "../../source/sums-document.ts";
import type { TrustedKey } from "../trusted-key.ts";
import { signatureFault, unknownKey } from "./signature-fault.ts";

const signatureBytes = 64;

/** Ed25519 (RFC 8032) over the document itself: 64 bytes, or their base64 or hexadecimal. */
export function verifyEd25519(
  text: Uint8Array,
  signature: DetachedSignature,
  keys: readonly TrustedKey[],
): TrustedKey {
  const bytes = rawSignature(signature);
  if (keys.length === 0) throw unknownKey(signature, "of an Ed25519 signature", keys);
  const signer = keys.find((key) => verify(null, text, ed25519Key(key.bytes), bytes));
  if (signer !== undefined) return signer;
  throw signatureFault(
    "signature-wrong",
    signature,
    `is not that of ${keys.map((key) => key.id).join(" or ")} over these bytes: the list was altered, or another key signed`,
  );
}

/** Node's key object for 32 bytes of a public key. */
export function ed25519Key(bytes: Uint8Array): KeyObject {
  return createPublicKey({
    format: "jwk",
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(bytes).toString("base64url") },
  });
}

function rawSignature(signature: DetachedSignature): Uint8Array {
  if (signature.bytes.length === signatureBytes) return signature.bytes;
  const text = Buffer.from(signature.bytes).toString("latin1").trim();
  const encoding = /^[0-9a-f]{128}$/i.test(text) ? "hex" : "base64";
  const bytes = Buffer.from(text, encoding);
  if (text.length > 200 || bytes.length !== signatureBytes) {
    throw signatureFault(
      "signature-wrong",
      signature,
      `is no signature: ${signatureBytes} bytes were expected`,
    );
  }
  return bytes;
}
