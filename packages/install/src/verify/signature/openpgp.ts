import { toError } from "@drawbar/io";
import {
  createMessage,
  enums,
  type PublicKey,
  readKey,
  readSignature,
  type SignaturePacket,
  type Subkey,
} from "openpgp";
import type { DetachedSignature } from "../../source/sums-document.ts";
import type { TrustedKey } from "../trusted-key.ts";
import { signatureFault, unknownKey } from "./signature-fault.ts";

/** How far the clocks of signer and verifier may be apart. */
const clockSkewMs = 3600_000;

/**
 * OpenPGP (RFC 9580 and 4880) detached signatures, binary or armoured, by openpgp.js. The bytes come first: a
 * signature that is not theirs is wrong whatever became of its key. Then the key must be valid now, and not only
 * when the signature says that it was made, which whoever has an old key can choose.
 */
export async function verifyOpenPgp(
  text: Uint8Array,
  signature: DetachedSignature,
  keys: readonly TrustedKey[],
  now: Date,
): Promise<TrustedKey> {
  const packets = await readPackets(signature);
  const trusted = await Promise.all(
    keys.map(async (pinned) => ({ pinned, key: await readKey({ binaryKey: pinned.bytes }) })),
  );
  let fault: Error = signatureFault("signature-wrong", signature, "holds no signature");
  for (const packet of packets) {
    const signer = trusted.find(({ key }) => key.getKeys(packet.issuerKeyID).length > 0);
    if (signer === undefined) {
      fault = unknownKey(signature, packet.issuerKeyID.toHex().toUpperCase(), keys);
      continue;
    }
    try {
      await verifyPacket(text, signature, packet, signer.key, now);
      return signer.pinned;
    } catch (error) {
      fault = toError(error);
    }
  }
  throw fault;
}

async function verifyPacket(
  text: Uint8Array,
  signature: DetachedSignature,
  packet: SignaturePacket,
  key: PublicKey,
  now: Date,
): Promise<void> {
  const [signingKey] = key.getKeys(packet.issuerKeyID);
  if (signingKey === undefined) throw unknownKey(signature, packet.issuerKeyID.toHex(), []);
  await verifyBytes(text, signature, packet, signingKey);
  await verifyKey(signature, packet, key, now);
  const { created, signatureExpirationTime: validSeconds, signatureNeverExpires: everlasting } = packet;
  if (created === null) throw signatureFault("signature-wrong", signature, "has no date");
  if (created.getTime() > now.getTime() + clockSkewMs) {
    const clock = `it is ${day(now)} by the clock of this machine`;
    throw signatureFault(
      "signature-wrong",
      signature,
      `is dated ${day(created)}, which is in the future: ${clock}`,
    );
  }
  const expires = new Date(created.getTime() + (validSeconds ?? 0) * 1000);
  if (!everlasting && now >= expires) {
    throw signatureFault(
      "signature-expired",
      signature,
      `expired on ${day(expires)}; its maker has to sign again`,
    );
  }
}

async function verifyBytes(
  text: Uint8Array,
  signature: DetachedSignature,
  packet: SignaturePacket,
  signingKey: PublicKey | Subkey,
): Promise<void> {
  if (packet.signatureType !== enums.signature.binary) {
    throw signatureFault("signature-wrong", signature, "is not of a file's bytes, but of text or of a key");
  }
  const [literal] = (await createMessage({ binary: text })).packets;
  if (literal === undefined) throw new Error("openpgp made an empty message");
  try {
    // At its own date, since what is too old must be told from what is wrong.
    await packet.verify(
      signingKey.keyPacket,
      packet.signatureType,
      literal,
      packet.created ?? undefined,
      true,
    );
  } catch (error) {
    const { message } = toError(error);
    if (/insecure/i.test(message)) {
      throw signatureFault(
        "signature-weak",
        signature,
        `is made with ${weakHash(packet)}, which can be forged`,
        error,
      );
    }
    const id = packet.issuerKeyID.toHex().toUpperCase();
    const why = `is not that of ${id} over these bytes: they were altered (${message})`;
    throw signatureFault("signature-wrong", signature, why, error);
  }
}

async function verifyKey(
  signature: DetachedSignature,
  packet: SignaturePacket,
  key: PublicKey,
  now: Date,
): Promise<void> {
  const id = key.getFingerprint().toUpperCase();
  if (await key.isRevoked(undefined, undefined, now)) {
    throw signatureFault("key-revoked", signature, `was made by the key ${id}, which its owner has revoked`);
  }
  try {
    await key.getSigningKey(packet.issuerKeyID, now);
  } catch (error) {
    const { message } = toError(error);
    const expired = /expired/i.test(message);
    if (expired) {
      const advice = "if its owner has extended it, pin the key as it is now";
      throw signatureFault(
        "key-expired",
        signature,
        `was made by the key ${id}, which has expired; ${advice}`,
        error,
      );
    }
    const revoked = /revoked/i.test(message);
    const why = `was made by the key ${id}, which must not sign (${message})`;
    throw signatureFault(revoked ? "key-revoked" : "bad-key", signature, why, error);
  }
}

async function readPackets(signature: DetachedSignature): Promise<readonly SignaturePacket[]> {
  const armored = Buffer.from(signature.bytes.subarray(0, 64)).toString("latin1").includes("-----BEGIN PGP");
  try {
    const read = armored
      ? await readSignature({ armoredSignature: Buffer.from(signature.bytes).toString("utf8") })
      : await readSignature({ binarySignature: signature.bytes });
    return [...read.packets];
  } catch (error) {
    const why = `is no OpenPGP signature (${toError(error).message})`;
    throw signatureFault("signature-wrong", signature, why, error);
  }
}

function weakHash(packet: SignaturePacket): string {
  return packet.hashAlgorithm === null
    ? "a weak hash"
    : enums.read(enums.hash, packet.hashAlgorithm).toUpperCase();
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
