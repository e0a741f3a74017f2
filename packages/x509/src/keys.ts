import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { DerReader } from "./der/reader.ts";
import { X509Error } from "./error.ts";
import { checkLimit, withDefaults, type X509Limits } from "./limits.ts";
import { importPublicKey, type KeyKind, readPublicKey } from "./parse/public-key.ts";
import { singlePemBlock } from "./pem.ts";

/** Ways to write a private key: PKCS#8 for any, SEC1 for EC, PKCS#1 for RSA. */
export type PrivateKeyFormat = "pkcs8" | "sec1" | "pkcs1";

const formatOfLabel: Readonly<Record<string, PrivateKeyFormat>> = {
  "PRIVATE KEY": "pkcs8",
  "EC PRIVATE KEY": "sec1",
  "RSA PRIVATE KEY": "pkcs1",
};

/**
 * Reads a private key: PEM (`PRIVATE KEY`, `EC PRIVATE KEY`, `RSA PRIVATE KEY`), or DER of the given
 * format (default PKCS#8). It must be RSA, on a supported curve, or Ed25519, and its public half must be
 * its own.
 *
 * @throws X509Error `malformed_pem`, `malformed_key`, `unsupported_key`, `limit_exceeded`; no error
 *   carries any part of the key
 */
export function parsePrivateKey(
  input: string | Uint8Array,
  options: { readonly format?: PrivateKeyFormat; readonly limits?: Partial<X509Limits> } = {},
): KeyObject {
  const fromPem =
    typeof input === "string" ? singlePemBlock(input, Object.keys(formatOfLabel), options.limits) : undefined;
  const der = fromPem?.der ?? (input as Uint8Array);
  const type = (fromPem && formatOfLabel[fromPem.label]) ?? options.format ?? "pkcs8";
  checkLimit("private key: bytes", der.length, withDefaults(options.limits).derBytes);
  const key = importPrivateKey(der, type);
  checkPair(key);
  return key;
}

/** Reads a public key: PEM `PUBLIC KEY`, or SubjectPublicKeyInfo in DER. */
export function parsePublicKey(input: string | Uint8Array, limits?: Partial<X509Limits>): KeyObject {
  const der = typeof input === "string" ? singlePemBlock(input, ["PUBLIC KEY"], limits).der : input;
  checkLimit("public key: bytes", der.length, withDefaults(limits).derBytes);
  checkSpki(der);
  return importPublicKey(der);
}

/** A private key in PEM, ending in a newline. Default: SEC1 for EC, PKCS#1 for RSA, PKCS#8 otherwise. */
export function privateKeyToPem(key: KeyObject, format: PrivateKeyFormat = historicFormat(key)): string {
  if (format !== "pkcs8" && format !== historicFormat(key)) {
    throw new X509Error(
      "invalid_option",
      `a key of type ${key.asymmetricKeyType} cannot be written as ${format}`,
    );
  }
  return key.export({ type: format, format: "pem" } as { type: "pkcs8"; format: "pem" }).toString();
}

/** A public key in PEM (`PUBLIC KEY`), ending in a newline. */
export function publicKeyToPem(key: KeyObject): string {
  return publicHalf(key).export({ type: "spki", format: "pem" }).toString();
}

/** Kind, curve or size of a key. Throws `unsupported_key` for kinds outside of this package's. */
export function keyKind(key: KeyObject): KeyKind {
  return publicInfo(key).kind;
}

/** SubjectPublicKeyInfo in DER of a key, public or private. Computed once per KeyObject. */
export function spkiOf(key: KeyObject): Uint8Array {
  return publicInfo(key).spki;
}

interface PublicInfo {
  readonly spki: Uint8Array;
  readonly kind: KeyKind;
}

const infoOfKey = new WeakMap<KeyObject, PublicInfo>();

function publicInfo(key: KeyObject): PublicInfo {
  let info = infoOfKey.get(key);
  if (info === undefined) {
    if (key.type === "secret") throw new X509Error("unsupported_key", "a secret key has no public half");
    info = checkSpki(publicHalf(key).export({ type: "spki", format: "der" }));
    infoOfKey.set(key, info);
  }
  return info;
}

function checkSpki(der: Uint8Array): PublicInfo {
  const reader = new DerReader(Uint8Array.from(der));
  const info = readPublicKey(reader, "public key");
  reader.finish("public key");
  return info;
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === "private" ? createPublicKey(key) : key;
}

function historicFormat(key: KeyObject): PrivateKeyFormat {
  if (key.asymmetricKeyType === "ec") return "sec1";
  return key.asymmetricKeyType === "rsa" ? "pkcs1" : "pkcs8";
}

function importPrivateKey(der: Uint8Array, type: PrivateKeyFormat): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type });
  } catch {
    // Without the cause: OpenSSL's errors are not promised to keep the key to themselves.
    throw new X509Error("malformed_key", `private key cannot be read as ${type}`);
  }
}

// OpenSSL takes a key file's public half on trust; a wrong one would put a foreign key into certificates.
function checkPair(key: KeyObject): void {
  const { kind } = publicInfo(key);
  const hash = kind.type === "ed25519" ? undefined : "sha256";
  if (!pairWorks(hash, key)) {
    throw new X509Error("malformed_key", "the two halves of the private key do not belong together");
  }
}

function pairWorks(hash: string | undefined, key: KeyObject): boolean {
  const probe = Buffer.from("drawbar key pair check");
  try {
    return verify(hash, probe, createPublicKey(key), sign(hash, probe, key));
  } catch {
    return false;
  }
}
