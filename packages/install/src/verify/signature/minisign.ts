import { createHash, verify } from "node:crypto";
import type { DetachedSignature } from "../../source/sums-document.ts";
import type { TrustedKey } from "../trusted-key.ts";
import { ed25519Key } from "./ed25519.ts";
import { signatureFault, unknownKey } from "./signature-fault.ts";

/**
 * Minisign's signatures (https://jedisct1.github.io/minisign): `Ed` over the document, `ED` over its BLAKE2b-512,
 * and a second one over the first and the trusted comment, which must be true too.
 */
export function verifyMinisign(
  text: Uint8Array,
  signature: DetachedSignature,
  keys: readonly TrustedKey[],
): TrustedKey {
  const { algorithm, keyId, bytes, comment, globalBytes } = readSignature(signature);
  const signer = keys.find((key) => minisignKeyId(key.bytes) === keyId);
  if (signer === undefined) throw unknownKey(signature, keyId, keys);
  const key = ed25519Key(signer.bytes.subarray(10));
  const signed = algorithm === "ED" ? createHash("blake2b512").update(text).digest() : text;
  if (!verify(null, signed, key, bytes)) {
    throw signatureFault(
      "signature-wrong",
      signature,
      `is not that of ${keyId} over these bytes: they were altered`,
    );
  }
  if (!verify(null, Buffer.concat([bytes, comment]), key, globalBytes)) {
    throw signatureFault("signature-wrong", signature, "has a trusted comment that was altered");
  }
  return signer;
}

/** The id of a public key or signature, as minisign shows it: its eight bytes as a number. */
export function minisignKeyId(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(2, 10)).reverse().toString("hex").toUpperCase();
}

interface MinisignSignature {
  readonly algorithm: string;
  readonly keyId: string;
  readonly bytes: Uint8Array;
  readonly comment: Uint8Array;
  readonly globalBytes: Uint8Array;
}

const trustedComment = "trusted comment: ";

function readSignature(signature: DetachedSignature): MinisignSignature {
  const lines = Buffer.from(signature.bytes).toString("utf8").split(/\r?\n/);
  const [untrusted = "", first = "", trusted = "", second = "", ...rest] = lines;
  const packet = Buffer.from(first, "base64");
  const globalBytes = Buffer.from(second, "base64");
  const algorithm = packet.subarray(0, 2).toString("latin1");
  const whole = packet.length === 74 && globalBytes.length === 64 && rest.join("") === "";
  const known = algorithm === "Ed" || algorithm === "ED";
  if (
    !whole ||
    !known ||
    !untrusted.startsWith("untrusted comment:") ||
    !trusted.startsWith(trustedComment)
  ) {
    throw signatureFault(
      "signature-wrong",
      signature,
      "is no signature as minisign writes it: four lines were expected",
    );
  }
  return {
    algorithm,
    keyId: minisignKeyId(packet),
    bytes: packet.subarray(10),
    comment: Buffer.from(trusted.slice(trustedComment.length)),
    globalBytes,
  };
}
