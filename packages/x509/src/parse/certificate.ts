import { DerReader } from "../der/reader.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import { readTime } from "../der/time.ts";
import { malformed } from "../error.ts";
import { checkLimit, type X509Limits } from "../limits.ts";
import { type Name, readName } from "../name.ts";
import { type ExtensionFields, readExtensions } from "./extensions.ts";
import { type PublicKeyInfo, readPublicKey } from "./public-key.ts";

/** A signed value taken apart: the bytes that are signed, and by what. */
export interface SignedParts {
  /** What the signature is over. */
  readonly body: Uint8Array;
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** Everything a certificate says. */
export interface CertificateFields {
  readonly signed: SignedParts;
  readonly extended: ExtensionFields;
  readonly version: 1 | 2 | 3;
  readonly serialNumber: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKeyInfo;
}

/** Certificate (RFC 5280 4.1) in strict DER, nothing after it. */
export function readCertificate(der: Uint8Array, limits: X509Limits): CertificateFields {
  const { signed, body } = readSigned(der, limits, "certificate");
  const version = readVersion(body);
  const serialNumber = readSerialNumber(body);
  const algorithmAt = body.offset;
  const innerAlgorithm = body.element("signature algorithm", tag.sequence);
  if (Buffer.compare(innerAlgorithm, signed.algorithm) !== 0) {
    throw malformed("signature algorithm", algorithmAt, "differs inside and outside of the signed part");
  }
  const issuer = readName(body, "issuer");
  const validity = body.enter(tag.sequence, "validity");
  const notBefore = readTime(validity, "notBefore");
  const notAfter = readTime(validity, "notAfter");
  validity.finish("validity");
  const subject = readName(body, "subject");
  const publicKey = readPublicKey(body);
  if (version > 1) skipUniqueIds(body);
  const wrapped = version === 3 ? body.enterOptional(extensionsTag, "extensions") : undefined;
  const extended = readExtensions(wrapped);
  body.finish("certificate body");
  return {
    signed,
    extended,
    version,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
  };
}

/** SEQUENCE { body, algorithm, signature }: the frame of certificates and requests. */
export function readSigned(
  der: Uint8Array,
  limits: X509Limits,
  what: string,
): { readonly signed: SignedParts; readonly body: DerReader } {
  checkLimit(`${what}: bytes`, der.length, limits.derBytes);
  const input = new DerReader(der, limits);
  const outer = input.enter(tag.sequence, what);
  input.finish(what);
  const bodyAt = outer.offset;
  const body = outer.element(`${what} body`, tag.sequence);
  const algorithm = outer.element("signature algorithm", tag.sequence);
  const signature = outer.bitStringOctets("signature");
  outer.finish(what);
  checkAlgorithmShape(new DerReader(algorithm, limits));
  return {
    signed: { body, algorithm, signature },
    body: outer.reread(bodyAt).enter(tag.sequence, `${what} body`),
  };
}

const extensionsTag = contextConstructedTag(3);

// AlgorithmIdentifier: an identifier and at most one parameter.
function checkAlgorithmShape(reader: DerReader): void {
  const fields = reader.enter(tag.sequence, "signature algorithm");
  fields.objectIdentifier("signature algorithm");
  if (!fields.atEnd) fields.element("signature algorithm parameters");
  fields.finish("signature algorithm");
}

function readVersion(body: DerReader): 1 | 2 | 3 {
  const at = body.offset;
  const wrapped = body.enterOptional(contextConstructedTag(0), "version");
  if (wrapped === undefined) return 1;
  const number = wrapped.smallInteger("version");
  wrapped.finish("version");
  switch (number) {
    case 0:
      return 1;
    case 1:
      return 2;
    case 2:
      return 3;
    default:
      throw malformed("version", at, `there is no version ${number + 1}`);
  }
}

// RFC 5280 4.1.2.2: not negative, at most 20 octets. 0 is read (old self-signed roots have it) though
// never written.
function readSerialNumber(body: DerReader): bigint {
  const at = body.offset;
  const octets = body.reread(at).contents(tag.integer, "serial number");
  if (octets.length > 21) throw malformed("serial number", at, "more than 20 octets");
  const serialNumber = body.integer("serial number");
  if (serialNumber < 0n || serialNumber >= 1n << 160n) {
    throw malformed("serial number", at, "must not be negative, nor more than 20 octets");
  }
  return serialNumber;
}

function skipUniqueIds(body: DerReader): void {
  for (const number of [1, 2]) {
    if (body.nextTag === contextTag(number)) body.bitString("unique identifier", contextTag(number));
  }
}
