import { createHmac, hkdfSync, scrypt, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { StoreError } from "./store-error.ts";

/** What protects a store: a passphrase that a person knows, or a file with at least 32 random bytes. */
export type StoreSecret = { readonly passphrase: string } | { readonly keyFile: string };

/** How the keys come from the secret; it stands in clear in the file. */
export type KeyDerivation =
  | { readonly name: "scrypt"; readonly salt: string; readonly cost: number }
  | { readonly name: "hkdf-sha256"; readonly salt: string };

/** The two keys of a store: one seals the state, the other tells a wrong secret from a damaged file. */
export interface StoreKeys {
  readonly sealing: Uint8Array;
  readonly checking: Uint8Array;
}

const keyBytes = 32;
const leastKeyFileBytes = 32;
const mostKeyFileBytes = 65_536;

/** scrypt's N for new stores: 64 MiB and a fifth of a second (OWASP's middle choice). */
const scryptCost = 2 ** 16;
const scryptBlockSize = 8;
/** A file may ask for this much and not more: it is read before it is trusted. */
const mostScryptCost = 2 ** 20;

/** The derivation for a new store. */
export function newDerivation(secret: StoreSecret, salt: Uint8Array): KeyDerivation {
  const text = Buffer.from(salt).toString("base64");
  return "passphrase" in secret
    ? { name: "scrypt", salt: text, cost: scryptCost }
    : { name: "hkdf-sha256", salt: text };
}

/** The keys of a store. Takes its time for a passphrase, off this thread. */
export async function deriveKeys(secret: StoreSecret, derivation: KeyDerivation): Promise<StoreKeys> {
  const salt = Buffer.from(derivation.salt, "base64");
  const bytes = await derive(secret, derivation, salt);
  return { sealing: bytes.subarray(0, keyBytes), checking: bytes.subarray(keyBytes) };
}

async function derive(secret: StoreSecret, derivation: KeyDerivation, salt: Uint8Array): Promise<Uint8Array> {
  if (derivation.name === "scrypt") {
    if (!("passphrase" in secret)) throw otherSecret("a passphrase", "a key file");
    if (secret.passphrase === "") throw new StoreError("ca-store-weak-key", "the passphrase is empty");
    return await stretch(secret.passphrase, salt, derivation.cost);
  }
  if (!("keyFile" in secret)) throw otherSecret("a key file", "a passphrase");
  const key = await readKeyFile(secret.keyFile);
  return new Uint8Array(hkdfSync("sha256", key, salt, "connect-ca store", 2 * keyBytes));
}

function stretch(passphrase: string, salt: Uint8Array, cost: number): Promise<Uint8Array> {
  if (!(cost >= 2 && cost <= mostScryptCost)) {
    throw new StoreError("ca-store-damaged", `the store's file asks for a scrypt cost of ${cost}`);
  }
  const settings = { N: cost, r: scryptBlockSize, p: 1, maxmem: 256 * cost * scryptBlockSize };
  return new Promise((resolve, reject) => {
    // Normalised, so that the same letters typed on another system are the same passphrase.
    scrypt(passphrase.normalize("NFC"), salt, 2 * keyBytes, settings, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new StoreError("ca-store-failed", `the key file ${path} cannot be read`, { cause });
  }
  if (bytes.length < leastKeyFileBytes || bytes.length > mostKeyFileBytes) {
    const range = `between ${leastKeyFileBytes} and ${mostKeyFileBytes}`;
    const advice = "make one with: head -c 32 /dev/urandom";
    const message = `the key file ${path} has ${bytes.length} bytes, expected ${range}; ${advice}`;
    throw new StoreError("ca-store-weak-key", message);
  }
  return bytes;
}

/** What a file carries so that a wrong secret is known for one. */
export function keyCheck(keys: StoreKeys, header: string): string {
  return createHmac("sha256", keys.checking).update(header).digest("base64");
}

/** Whether `keys` are those that `check` was made with. */
export function isKeyFor(keys: StoreKeys, header: string, check: string): boolean {
  const expected = Buffer.from(keyCheck(keys, header), "base64");
  const given = Buffer.from(check, "base64");
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function otherSecret(expected: string, given: string): StoreError {
  return new StoreError("ca-store-wrong-key", `the store was made with ${expected}, not with ${given}`);
}
