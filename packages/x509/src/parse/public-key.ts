import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { DerReader } from "../der/reader.ts";
import { tag } from "../der/tag.ts";
import { malformed, X509Error } from "../error.ts";
import { oid } from "../oids.ts";
import type { Curve } from "./curve.ts";
import { isOnCurve } from "./on-curve.ts";

export type { Curve } from "./curve.ts";

/** What kind of key it is. */
export type KeyKind =
  | { readonly type: "ec"; readonly curve: Curve }
  | { readonly type: "rsa"; readonly bits: number }
  | { readonly type: "ed25519" };

/** A public key as it stands in a certificate. */
export interface PublicKeyInfo {
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array;
  readonly kind: KeyKind;
}

interface CurveDetails {
  readonly curve: Curve;
  /** Octets of one coordinate. */
  readonly octets: number;
}

const curves: ReadonlyMap<string, CurveDetails> = new Map([
  [oid.p224, { curve: "P-224", octets: 28 }],
  [oid.p256, { curve: "P-256", octets: 32 }],
  [oid.p384, { curve: "P-384", octets: 48 }],
  [oid.p521, { curve: "P-521", octets: 66 }],
]);

// Below, RSA keys can be factored; above, one verification takes a second.
const rsaBits = { least: 1024, most: 16384 };

/**
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7): RSA, EC with a named curve and an uncompressed point, or
 * Ed25519. Its shape is checked, and that a point is on its curve.
 */
export function readPublicKey(reader: DerReader, what: string = "subjectPublicKeyInfo"): PublicKeyInfo {
  const at = reader.offset;
  const spki = reader.element(what, tag.sequence);
  const fields = reader.reread(at).enter(tag.sequence, what);
  const algorithm = fields.enter(tag.sequence, `${what} algorithm`);
  const type = algorithm.objectIdentifier(`${what} algorithm`);
  const bitsAt = fields.offset;
  const bits = fields.bitStringOctets(what);
  fields.finish(what);
  const kind =
    type === oid.rsaEncryption
      ? readRsa(algorithm, fields.reread(bitsAt).enterBitString(what), what)
      : readCurveKey(type, algorithm, bits, bitsAt, what);
  algorithm.finish(`${what} algorithm`);
  return { spki, kind };
}

/** The public key as node:crypto has it. Throws `malformed_key` if OpenSSL does not take it. */
export function importPublicKey(spki: Uint8Array): KeyObject {
  try {
    const point = p256PointOf(spki);
    // OpenSSL takes half the time for this form of a P-256 key; on other curves DER is the quicker.
    if (point !== undefined) return createPublicKey({ key: jwkOf(point), format: "jwk" });
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new X509Error("malformed_key", "public key is not a key of its kind", { cause });
  }
}

// SEQUENCE { algorithm SEQUENCE { ecPublicKey, P-256 }, BIT STRING { uncompressed point
const p256Header = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");

function p256PointOf(spki: Uint8Array): Buffer | undefined {
  if (spki.length !== p256Header.length + 64) return undefined;
  const bytes = Buffer.from(spki.buffer, spki.byteOffset, spki.length);
  return p256Header.compare(bytes, 0, p256Header.length) === 0
    ? bytes.subarray(p256Header.length)
    : undefined;
}

function jwkOf(point: Buffer): JsonWebKey {
  const [x, y] = [point.toString("base64url", 0, 32), point.toString("base64url", 32)];
  return { kty: "EC", crv: "P-256", x, y };
}

function readCurveKey(
  type: string,
  algorithm: DerReader,
  bits: Uint8Array,
  at: number,
  what: string,
): KeyKind {
  if (type === oid.ed25519) {
    if (bits.length !== 32) throw malformed(what, at, "Ed25519 key must be 32 octets");
    return { type: "ed25519" };
  }
  if (type !== oid.ecPublicKey) throw unsupported(`public key algorithm ${type}`);
  const { curve, octets } = readCurve(algorithm, what);
  if (bits.length !== 1 + 2 * octets || bits[0] !== 4) {
    throw malformed(what, at, `${curve} key must be an uncompressed point`);
  }
  // Importing the key would tell too, but costs more than all the rest: that waits until it is used.
  if (!isOnCurve(curve, bits.subarray(1))) {
    throw new X509Error("malformed_key", `${curve} public key is not a point of its curve`);
  }
  return { type: "ec", curve };
}

function readCurve(algorithm: DerReader, what: string): CurveDetails {
  if (algorithm.nextTag !== tag.objectIdentifier) throw unsupported("curve that is not named");
  const id = algorithm.objectIdentifier(`${what} curve`);
  const curve = curves.get(id);
  if (curve === undefined) throw unsupported(`curve ${id}`);
  return curve;
}

// RFC 3279 2.3.1: the parameters are NULL, the key is SEQUENCE { modulus, exponent }.
function readRsa(algorithm: DerReader, key: DerReader, what: string): KeyKind {
  const at = algorithm.offset;
  if (algorithm.contents(tag.null, `${what} parameters`).length > 0)
    throw malformed(what, at, "NULL not empty");
  const fields = key.enter(tag.sequence, what);
  key.finish(what);
  const modulus = fields.integer(`${what} modulus`);
  const exponent = fields.integer(`${what} exponent`);
  fields.finish(what);
  const length = modulus > 0n ? modulus.toString(2).length : 0;
  if (length < rsaBits.least || length > rsaBits.most) throw unsupported(`RSA key of ${length} bits`);
  if (modulus % 2n === 0n || exponent % 2n === 0n || exponent < 3n || exponent >= 1n << 31n) {
    throw malformed(what, at, "not an RSA key: modulus and exponent must be odd, 3 <= exponent < 2^31");
  }
  return { type: "rsa", bits: length };
}

function unsupported(problem: string): X509Error {
  return new X509Error(
    "unsupported_key",
    `${problem} is not supported: expected RSA (${rsaBits.least} to ${rsaBits.most} bits), P-224, P-256, P-384, P-521 or Ed25519`,
  );
}
