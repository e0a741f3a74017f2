import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { blake2b } from "@noble/hashes/blake2.js";
import type { Unlock } from "./unlock.ts";

/** What a minisign secret key holds: the key's id, and 32 bytes of seed followed by the public key. */
export interface MinisignSecret {
  readonly keyId: Uint8Array;
  readonly secret: Uint8Array;
}

/** libsodium's names for how much work it is to try a passphrase; minisign itself uses the larger one. */
export type KeyStretching = "interactive" | "sensitive";

const limits: Readonly<Record<KeyStretching, readonly [operations: number, memoryBytes: number]>> = {
  interactive: [2 ** 19, 2 ** 24],
  sensitive: [2 ** 25, 2 ** 30],
};

const maxMemoryBytes = limits.sensitive[1];
const comment = "untrusted comment: ";
const fileBytes = 158;
const secretBytes = 104;

/** Reads a secret key file of minisign's: a comment, then base64 of algorithms, salt, limits and the masked secret. */
export async function readMinisignKey(text: string, unlock: Unlock): Promise<MinisignSecret> {
  const line =
    text.split(/\r?\n/).find((candidate) => candidate !== "" && !candidate.startsWith(comment)) ?? "";
  const bytes = Buffer.from(line, "base64");
  const [algorithm, stretching, checksum] = [0, 2, 4].map((at) => bytes.toString("latin1", at, at + 2));
  if (bytes.length !== fileBytes || algorithm !== "Ed" || checksum !== "B2") {
    throw new Error("it is no secret key of OpenPGP, minisign or Ed25519 (PEM)");
  }
  const masked = bytes.subarray(fileBytes - secretBytes);
  if (stretching === "\0\0") return checked(masked) ?? broken();
  if (stretching !== "Sc") throw new Error("it is locked in an unknown way");
  const operations = Number(bytes.readBigUInt64LE(38));
  const memoryBytes = Number(bytes.readBigUInt64LE(46));
  const mask = await stretch(await unlock.passphrase(), bytes.subarray(6, 38), operations, memoryBytes);
  const secret = checked(xor(masked, mask));
  if (secret === undefined) throw unlock.wrong();
  return secret;
}

/** The text of a secret key file. Without a passphrase whoever can read the file can sign. */
export async function writeMinisignKey(
  { keyId, secret }: MinisignSecret,
  passphrase: string | undefined,
  stretching: KeyStretching,
): Promise<string> {
  const open = Buffer.concat([keyId, secret, checksumOf(keyId, secret)]);
  const salt = passphrase === undefined ? Buffer.alloc(32) : randomBytes(32);
  const [operations, memoryBytes] = passphrase === undefined ? [0, 0] : limits[stretching];
  const head = Buffer.alloc(22);
  head.write(passphrase === undefined ? "Ed\0\0B2" : "EdScB2", "latin1");
  head.writeBigUInt64LE(BigInt(operations), 6);
  head.writeBigUInt64LE(BigInt(memoryBytes), 14);
  const masked =
    passphrase === undefined ? open : xor(open, await stretch(passphrase, salt, operations, memoryBytes));
  const bytes = Buffer.concat([head.subarray(0, 6), salt, head.subarray(6), masked]);
  const kind = passphrase === undefined ? "minisign secret key" : "minisign encrypted secret key";
  return `${comment}${kind}\n${bytes.toString("base64")}\n`;
}

function checked(open: Uint8Array): MinisignSecret | undefined {
  const [keyId, secret] = [open.subarray(0, 8), open.subarray(8, 72)];
  return checksumOf(keyId, secret).equals(open.subarray(72)) ? { keyId, secret } : undefined;
}

function checksumOf(keyId: Uint8Array, secret: Uint8Array): Buffer {
  return Buffer.from(blake2b(Buffer.concat([Buffer.from("Ed"), keyId, secret]), { dkLen: 32 }));
}

function broken(): never {
  throw new Error("its checksum is wrong");
}

// As libsodium's pickparams does it (crypto_pwhash_scryptsalsa208sha256), with r = 8.
async function stretch(
  passphrase: string,
  salt: Uint8Array,
  operations: number,
  memoryBytes: number,
): Promise<Buffer> {
  if (memoryBytes > maxMemoryBytes) throw new Error(`it needs ${memoryBytes} bytes of memory to be unlocked`);
  const work = Math.max(operations, 32_768);
  const bound = work < memoryBytes / 32 ? work / 32 : memoryBytes / 1024;
  let cost = 2;
  while (cost <= bound / 2) cost *= 2;
  const parallel = work < memoryBytes / 32 ? 1 : Math.max(1, Math.floor(work / 4 / cost / 8));
  const options = { N: cost, r: 8, p: parallel, maxmem: 2 * maxMemoryBytes };
  return promisify<string, Uint8Array, number, object, Buffer>(scrypt)(
    passphrase,
    salt,
    secretBytes,
    options,
  );
}

function xor(bytes: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)));
}
