import { createPublicKey } from "node:crypto";
import { toError } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import { minisignKeyId } from "./signature/minisign.ts";
import type { TrustedKey } from "./trusted-key.ts";

/**
 * Reads public keys to be pinned, whose kind is seen from their form:
 * - OpenPGP: one or several keys, armoured or binary
 * - minisign: the text of a `.pub` file, or its second line alone (`RW…`)
 * - Ed25519: PEM (`BEGIN PUBLIC KEY`), or `ed25519:` and 32 bytes in base64 or hexadecimal
 * @param origin where the key is written, for messages
 * @throws InstallError `bad-key`
 */
export async function readTrustedKeys(
  key: string | Uint8Array,
  origin: string,
): Promise<readonly TrustedKey[]> {
  const bytes = Buffer.from(key);
  const text = bytes.toString("latin1").trim();
  if (/SECRET KEY|PRIVATE KEY|secret key/.test(text)) {
    throw badKey(origin, "holds a secret key: pin the public one, and keep this file from others");
  }
  if (text.startsWith("-----BEGIN PGP") || (bytes[0] ?? 0) >= 0x80) return openPgpKeys(bytes, text, origin);
  if (text.startsWith("-----BEGIN PUBLIC KEY")) return [pemKey(text, origin)];
  if (text.startsWith("ed25519:")) return [rawKey(text.slice("ed25519:".length), origin)];
  return [minisignKey(text, origin)];
}

async function openPgpKeys(bytes: Buffer, text: string, origin: string): Promise<readonly TrustedKey[]> {
  const { readKeys } = await import("openpgp");
  try {
    const armored = text.startsWith("-----BEGIN PGP");
    const keys = await (armored
      ? readKeys({ armoredKeys: bytes.toString("utf8") })
      : readKeys({ binaryKeys: bytes }));
    const ready = keys.map((read) => ({
      kind: "openpgp" as const,
      id: read.getFingerprint().toUpperCase(),
      bytes: read.toPublic().write(),
    }));
    if (ready.length > 0) return ready;
  } catch (error) {
    throw badKey(origin, `is no OpenPGP key that can be read (${toError(error).message})`, error);
  }
  throw badKey(origin, "holds no OpenPGP key");
}

function minisignKey(text: string, origin: string): TrustedKey {
  const line = text.split(/\r?\n/).find((candidate) => !candidate.startsWith("untrusted comment:")) ?? "";
  const bytes = Buffer.from(line, "base64");
  if (bytes.length !== 42 || bytes.subarray(0, 2).toString("latin1") !== "Ed") {
    throw badKey(origin, "is no key of OpenPGP, minisign (RW…) or Ed25519 (PEM, or ed25519:BASE64)");
  }
  return { kind: "minisign", id: minisignKeyId(bytes), bytes };
}

function pemKey(text: string, origin: string): TrustedKey {
  try {
    const { crv, x } = createPublicKey(text).export({ format: "jwk" });
    if (crv === "Ed25519" && x !== undefined) return ed25519(Buffer.from(x, "base64url"));
  } catch (error) {
    throw badKey(origin, `is no public key (${toError(error).message})`, error);
  }
  throw badKey(origin, "is a public key of another kind than Ed25519");
}

function rawKey(text: string, origin: string): TrustedKey {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
  if (bytes.length !== 32) throw badKey(origin, "is no Ed25519 key: 32 bytes were expected");
  return ed25519(bytes);
}

function ed25519(bytes: Buffer): TrustedKey {
  return { kind: "ed25519", id: `ed25519:${bytes.toString("base64")}`, bytes };
}

function badKey(origin: string, why: string, cause?: unknown): InstallError {
  return new InstallError("bad-key", `the key ${origin} ${why}`, { cause, facts: { origin } });
}
