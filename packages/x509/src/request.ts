import type { KeyObject } from "node:crypto";
import { checkSignature, checkSignatureAsync } from "./check-signature.ts";
import type { Extension, ExtKeyUsage } from "./encode/extensions.ts";
import { encodePem } from "./encode/pem.ts";
import type { KeyUsage } from "./key-usage.ts";
import { defaultLimits, withDefaults, type X509Limits } from "./limits.ts";
import type { Name } from "./name.ts";
import type { SubjectAltNames } from "./parse/alt-names.ts";
import { importPublicKey, type KeyKind } from "./parse/public-key.ts";
import { type RequestAttribute, type RequestFields, readRequest } from "./parse/request.ts";
import { singlePemBlock } from "./pem.ts";
import { type SignatureAlgorithm, signatureAlgorithmOf } from "./signature-algorithm.ts";

/**
 * A request for a certificate (PKCS#10). It never changes; the byte arrays it hands out are its own and
 * must not be written to.
 */
export class CertificateRequest {
  /** The whole request in DER. */
  readonly raw: Uint8Array;
  #fields: RequestFields | undefined;
  #publicKey: KeyObject | undefined;
  /** Its bytes never change, so neither does the answer. */
  #isSignedByItsKey = false;

  /** For this package only: `parseCertificateRequest` and `createCertificateRequest` make requests. */
  constructor(raw: Uint8Array, fields?: RequestFields) {
    this.raw = raw;
    this.#fields = fields;
  }

  get #read(): RequestFields {
    this.#fields ??= readRequest(this.raw, defaultLimits);
    return this.#fields;
  }

  get subject(): Name {
    return this.#read.subject;
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
  /** The extensions asked for, raw, in order. */
  get extensions(): readonly Extension[] {
    return this.#read.asked.extensions;
  }
  /** All attributes, the extension request among them, raw. */
  get attributes(): readonly RequestAttribute[] {
    return this.#read.attributes;
  }
  get subjectAltNames(): SubjectAltNames {
    return this.#read.asked.subjectAltNames;
  }
  /** True if the request asks for a CA certificate. */
  get isCa(): boolean {
    return this.#read.asked.basicConstraints?.ca === true;
  }
  get pathLength(): number | undefined {
    return this.#read.asked.basicConstraints?.pathLength;
  }
  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.#read.asked.keyUsage;
  }
  get extKeyUsage(): readonly ExtKeyUsage[] | undefined {
    return this.#read.asked.extKeyUsage;
  }
  /** Undefined for an algorithm outside of this package's. */
  get signatureAlgorithm(): SignatureAlgorithm | undefined {
    return signatureAlgorithmOf(this.#read.signed.algorithm);
  }
  get signature(): Uint8Array {
    return this.#read.signed.signature;
  }

  /** The extension asked for with this dotted identifier. */
  extension(oid: string): Extension | undefined {
    return this.extensions.find((extension) => extension.oid === oid);
  }

  /** PEM, ending in a newline. */
  toPem(): string {
    return encodePem("CERTIFICATE REQUEST", this.raw);
  }

  /**
   * Throws `bad_signature` unless the request is signed by its own key: the requester holds that key. A
   * request that has passed is not checked again.
   */
  checkSignature(): void {
    if (this.#isSignedByItsKey) return;
    checkSignature(this.#read.signed, this.publicKey, "certificate request");
    this.#isSignedByItsKey = true;
  }

  /** The same in node's thread pool, which takes the larger part of the work off this thread. */
  async checkSignatureAsync(): Promise<void> {
    if (this.#isSignedByItsKey) return;
    await checkSignatureAsync(this.#read.signed, this.publicKey, "certificate request");
    this.#isSignedByItsKey = true;
  }
}

/**
 * Reads one certificate request, from DER or from a PEM text with a single CERTIFICATE REQUEST block.
 * Its signature is not checked: call `checkSignature`.
 *
 * @throws X509Error `malformed_der`, `malformed_pem`, `malformed_key`, `unsupported_key`, `limit_exceeded`
 */
export function parseCertificateRequest(
  input: Uint8Array | string,
  limits?: Partial<X509Limits>,
): CertificateRequest {
  const der =
    typeof input === "string" ? singlePemBlock(input, requestLabels, limits).der : Uint8Array.from(input);
  return new CertificateRequest(der, readRequest(der, withDefaults(limits)));
}

// The second label is what older tools write (RFC 7468 7).
const requestLabels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
