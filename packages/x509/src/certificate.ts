import { createHash, type KeyObject } from "node:crypto";
import { checkSignature } from "./check-signature.ts";
import type { Extension, ExtKeyUsage } from "./encode/extensions.ts";
import { encodePem } from "./encode/pem.ts";
import type { KeyUsage } from "./key-usage.ts";
import { defaultLimits, withDefaults, type X509Limits } from "./limits.ts";
import type { Name } from "./name.ts";
import type { SubjectAltNames } from "./parse/alt-names.ts";
import { type CertificateFields, readCertificate } from "./parse/certificate.ts";
import type { NameConstraints } from "./parse/name-constraints.ts";
import { importPublicKey, type KeyKind } from "./parse/public-key.ts";
import { parsePem, singlePemBlock, wrongLabel } from "./pem.ts";
import { type SignatureAlgorithm, signatureAlgorithmOf } from "./signature-algorithm.ts";

/**
 * A certificate. It never changes; the byte arrays it hands out are its own and must not be written to.
 */
export class Certificate {
  /** The whole certificate in DER. */
  readonly raw: Uint8Array;
  #fields: CertificateFields | undefined;
  #publicKey: KeyObject | undefined;

  /** For this package only: `parseCertificate` and `createCertificate` make certificates. */
  constructor(raw: Uint8Array, fields?: CertificateFields) {
    this.raw = raw;
    this.#fields = fields;
  }

  // A certificate that was made here is read back only when somebody asks what it says.
  get #read(): CertificateFields {
    this.#fields ??= readCertificate(this.raw, defaultLimits);
    return this.#fields;
  }

  get version(): 1 | 2 | 3 {
    return this.#read.version;
  }
  get serialNumber(): bigint {
    return this.#read.serialNumber;
  }
  get issuer(): Name {
    return this.#read.issuer;
  }
  get subject(): Name {
    return this.#read.subject;
  }
  /** Valid from this second on. */
  get notBefore(): Date {
    return new Date(this.#read.notBefore);
  }
  /** Valid until this second begins. */
  get notAfter(): Date {
    return new Date(this.#read.notAfter);
  }
  /** SubjectPublicKeyInfo in DER. */
  get publicKeySpki(): Uint8Array {
    return this.#read.publicKey.spki;
  }
  /** Kind, curve or size of the public key. */
  get publicKeyKind(): KeyKind {
    return this.#read.publicKey.kind;
  }
  /** The public key as node:crypto has it. */
  get publicKey(): KeyObject {
    this.#publicKey ??= importPublicKey(this.publicKeySpki);
    return this.#publicKey;
  }
  /** All extensions, raw, in order. */
  get extensions(): readonly Extension[] {
    return this.#read.extended.extensions;
  }
  get subjectAltNames(): SubjectAltNames {
    return this.#read.extended.subjectAltNames;
  }
  /** True if basicConstraints says so. */
  get isCa(): boolean {
    return this.#read.extended.basicConstraints?.ca === true;
  }
  /** How many CAs may follow below this one; undefined for any number. */
  get pathLength(): number | undefined {
    return this.#read.extended.basicConstraints?.pathLength;
  }
  /** Undefined if the extension is absent: the key may be used for anything. */
  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.#read.extended.keyUsage;
  }
  /** Undefined if the extension is absent: the certificate is good for any purpose. */
  get extKeyUsage(): readonly ExtKeyUsage[] | undefined {
    return this.#read.extended.extKeyUsage;
  }
  /** What names may stand in certificates below this one; undefined if it does not say. */
  get nameConstraints(): NameConstraints | undefined {
    return this.#read.extended.nameConstraints;
  }
  get subjectKeyId(): Uint8Array | undefined {
    return this.#read.extended.subjectKeyId;
  }
  get authorityKeyId(): Uint8Array | undefined {
    return this.#read.extended.authorityKeyId;
  }
  /** Critical extensions that this package does not understand; a chain with one does not verify. */
  get unhandledCriticalExtensions(): readonly string[] {
    return this.#read.extended.unhandledCritical;
  }
  /** Undefined for an algorithm outside of this package's; such a signature never verifies. */
  get signatureAlgorithm(): SignatureAlgorithm | undefined {
    return signatureAlgorithmOf(this.#read.signed.algorithm);
  }
  get signature(): Uint8Array {
    return this.#read.signed.signature;
  }
  /** TBSCertificate in DER: what is signed. */
  get signedBytes(): Uint8Array {
    return this.#read.signed.body;
  }
  /** True if issuer and subject are the same name. Says nothing about the signature. */
  get isSelfIssued(): boolean {
    return Buffer.compare(this.issuer.raw, this.subject.raw) === 0;
  }

  /** The extension with this dotted identifier. */
  extension(oid: string): Extension | undefined {
    return this.extensions.find((extension) => extension.oid === oid);
  }

  /** True if `other` is the same certificate, byte for byte. */
  equals(other: Certificate): boolean {
    return Buffer.compare(this.raw, other.raw) === 0;
  }

  /** Hash of the DER in lower-case hex. */
  fingerprint(hash: "sha1" | "sha256" = "sha256"): string {
    return createHash(hash).update(this.raw).digest("hex");
  }

  /** PEM, ending in a newline. */
  toPem(): string {
    return encodePem("CERTIFICATE", this.raw);
  }

  /** Throws `bad_signature` unless `publicKey` made the signature; nothing else is checked. */
  checkSignature(publicKey: KeyObject): void {
    checkSignature(this.#read.signed, publicKey, "certificate");
  }
}

/**
 * Reads one certificate, from DER or from a PEM text with a single CERTIFICATE block.
 *
 * @throws X509Error `malformed_der`, `malformed_pem`, `malformed_key`, `unsupported_key`, `limit_exceeded`
 */
export function parseCertificate(input: Uint8Array | string, limits?: Partial<X509Limits>): Certificate {
  const der =
    typeof input === "string" ? singlePemBlock(input, ["CERTIFICATE"], limits).der : Uint8Array.from(input);
  return fromUntrusted(der, limits);
}

/** Reads all certificates of a PEM text, in order. A block of another kind is an error. */
export function parseCertificates(pem: string, limits?: Partial<X509Limits>): readonly Certificate[] {
  return parsePem(pem, limits).map((block) => {
    if (block.label !== "CERTIFICATE") throw wrongLabel(block, ["CERTIFICATE"]);
    return fromUntrusted(block.der, limits);
  });
}

function fromUntrusted(der: Uint8Array, limits: Partial<X509Limits> | undefined): Certificate {
  return new Certificate(der, readCertificate(der, withDefaults(limits)));
}
