import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { StoreError } from "./store-error.ts";
import { isKeyFor, type KeyDerivation, keyCheck, type StoreKeys } from "./store-key.ts";

/**
 * A store's file: a line of JSON that says how the keys come about, a line with a check of the keys and a
 * digest of both, then nonce, AES-256-GCM ciphertext and tag. The first line is authenticated with the rest.
 */
export interface SealedFile {
  /** The first line. */
  readonly header: string;
  readonly derivation: KeyDerivation;
  readonly check: string;
  readonly box: Uint8Array;
}

const format = "connect-ca-store-1";
const nonceBytes = 12;
const tagBytes = 16;
const newline = 0x0a;
const longestLine = 1024;

/** The first line of a file. */
export function encodeHeader(derivation: KeyDerivation): string {
  return JSON.stringify({ format, derivation });
}

/** The whole file. */
export function seal(header: string, keys: StoreKeys, content: Uint8Array): Uint8Array {
  const check = keyCheck(keys, header);
  // Random: a store is written some thousand times in its life, far from where two would meet.
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.sealing, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(header));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  const lines = Buffer.from(`${header}\n${check} ${digest(header, check)}\n`);
  return Buffer.concat([lines, nonce, sealed, cipher.getAuthTag()]);
}

/** Takes a file apart; nothing of it is to be trusted yet. */
export function readSealed(file: Uint8Array, path: string): SealedFile {
  const [header, second] = [lineAt(file, 0), lineAt(file, lineAt(file, 0).length + 1)];
  const [check = "", expected = ""] = second.split(" ");
  if (digest(header, check) !== expected) throw damaged(path, "its first lines are not whole");
  const box = file.subarray(header.length + second.length + 2);
  if (box.length < nonceBytes + tagBytes) throw damaged(path, "it ends too soon");
  return { header, derivation: readDerivation(header, path), check, box };
}

/** What is in the file. Throws `ca-store-wrong-key` or `ca-store-damaged`, and always the right one. */
export function unseal(file: SealedFile, keys: StoreKeys, path: string): Uint8Array {
  if (!isKeyFor(keys, file.header, file.check)) {
    const what = file.derivation.name === "scrypt" ? "passphrase" : "key file";
    throw new StoreError("ca-store-wrong-key", `the ${what} is not the one that ${path} was made with`);
  }
  const { box } = file;
  const nonce = box.subarray(0, nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", keys.sealing, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(file.header));
  decipher.setAuthTag(box.subarray(box.length - tagBytes));
  const content = decipher.update(box.subarray(nonceBytes, box.length - tagBytes));
  try {
    return Buffer.concat([content, decipher.final()]);
  } catch {
    throw damaged(path, "its content is not what was written");
  }
}

function lineAt(file: Uint8Array, start: number): string {
  const end = file.subarray(0, start + longestLine).indexOf(newline, start);
  return Buffer.from(file.subarray(start, end < 0 ? start : end)).toString("latin1");
}

function readDerivation(header: string, path: string): KeyDerivation {
  const parsed: unknown = parseJson(header);
  if (typeof parsed === "object" && parsed !== null && "format" in parsed && "derivation" in parsed) {
    if (parsed.format !== format) throw damaged(path, `its format is not ${format}`);
    const { derivation } = parsed;
    if (isDerivation(derivation)) return derivation;
  }
  throw damaged(path, "it does not say how its keys are made");
}

function isDerivation(value: unknown): value is KeyDerivation {
  if (typeof value !== "object" || value === null || !("name" in value) || !("salt" in value)) return false;
  if (typeof value.salt !== "string") return false;
  if (value.name === "hkdf-sha256") return true;
  return value.name === "scrypt" && "cost" in value && Number.isSafeInteger(value.cost);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digest(header: string, check: string): string {
  return createHash("sha256").update(`${header}\n${check}`).digest("base64");
}

/** The error for a file that is not what was written. */
export function damaged(path: string, problem: string): StoreError {
  const advice = "restore it from a backup, and never from one older than the last certificate it signed";
  return new StoreError("ca-store-damaged", `the store ${path} is damaged: ${problem}; ${advice}`);
}
