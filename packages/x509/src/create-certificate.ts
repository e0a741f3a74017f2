import { type KeyObject, randomBytes } from "node:crypto";
import { Certificate } from "./certificate.ts";
import { type NameConstraintsOptions, nameConstraintsExtension } from "./create-name-constraints.ts";
import {
  altNameExtension,
  invalid,
  mergeExtensions,
  type SubjectOptions,
  signingDetails,
  subjectBytes,
  usageExtensions,
} from "./create-options.ts";
import { encodeCertificateBody, encodeSigned } from "./encode/certificate.ts";
import {
  authorityKeyIdExtension,
  type EncodedExtension,
  subjectKeyIdExtension,
} from "./encode/extensions.ts";
import { X509Error } from "./error.ts";
import { keyIdOf } from "./key-id.ts";
import { type PublicKeySource, spkiOfSource } from "./key-source.ts";
import { spkiOf } from "./keys.ts";
import { defaultLimits } from "./limits.ts";
import { readCertificate } from "./parse/certificate.ts";
import { signAsync, signSync } from "./sign.ts";
import type { SignatureAlgorithmDetails } from "./signature-algorithm.ts";

/** What `createCertificate` takes. */
export interface CertificateOptions extends SubjectOptions {
  /** The key to certify: a key, or the certificate or request that holds it. */
  readonly publicKey: PublicKeySource;
  /** Who signs. Without a certificate the new one is its own issuer (self-signed). */
  readonly issuer: { readonly certificate?: Certificate | undefined; readonly key: KeyObject };
  /** Positive, at most 20 octets. Default: 159 random bits. */
  readonly serialNumber?: bigint | undefined;
  /** Cut to the second. */
  readonly notBefore: Date;
  /** Cut to the second; not before `notBefore`. */
  readonly notAfter: Date;
  /** Default: for a CA, the first 20 octets of SHA-256 over its key; otherwise none. */
  readonly subjectKeyId?: Uint8Array | undefined;
  /** Critical, for CAs: what names may stand in certificates below. Kinds that are left out are free. */
  readonly nameConstraints?: NameConstraintsOptions | undefined;
  /**
   * Replaced by the issuer's subject key id when there is one and the two names differ, whatever is
   * given here: what Go's CreateCertificate does, and what chain building relies on.
   */
  readonly authorityKeyId?: Uint8Array | undefined;
}

/**
 * Makes and signs a certificate, signing in node's thread pool.
 *
 * @throws X509Error `invalid_option`, `unsupported_key`, `key_mismatch` if the key is not the issuer
 *   certificate's
 */
export async function createCertificate(options: CertificateOptions): Promise<Certificate> {
  const prepared = prepare(options);
  return finish(options, prepared, await signAsync(prepared.details, prepared.body, options.issuer.key));
}

/** Makes and signs a certificate in this thread: for P-256, faster than handing it to another one. */
export function createCertificateSync(options: CertificateOptions): Certificate {
  const prepared = prepare(options);
  return finish(options, prepared, signSync(prepared.details, prepared.body, options.issuer.key));
}

interface Prepared {
  readonly body: Uint8Array;
  readonly details: SignatureAlgorithmDetails;
}

function prepare(options: CertificateOptions): Prepared {
  const { issuer } = options;
  const details = signingDetails(issuer.key, options.signatureAlgorithm);
  checkIssuerKey(issuer);
  checkValidity(options.notBefore, options.notAfter);
  const publicKeySpki = spkiOfSource(options.publicKey);
  const subject = subjectBytes(options.subject);
  const body = encodeCertificateBody({
    serialNumber: checkSerialNumber(options.serialNumber ?? randomSerialNumber()),
    signatureAlgorithm: details.identifier,
    issuer: issuer.certificate?.subject.raw ?? subject,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    subject,
    publicKeySpki,
    extensions: extensionsOf(options, subject, publicKeySpki),
  });
  return { body, details };
}

function finish(
  { extraExtensions }: CertificateOptions,
  prepared: Prepared,
  signature: Uint8Array,
): Certificate {
  const raw = encodeSigned(prepared.body, prepared.details.identifier, signature);
  // The caller's raw extensions may be anything: read them back before somebody relies on them.
  const fields = extraExtensions === undefined ? undefined : readCertificate(raw, defaultLimits);
  return new Certificate(raw, fields);
}

// In the order in which Go writes them, so that equal options give equal bytes.
function extensionsOf(
  options: CertificateOptions,
  subject: Uint8Array,
  publicKeySpki: Uint8Array,
): readonly EncodedExtension[] {
  const extensions = usageExtensions(options);
  const isCa = options.basicConstraints?.ca === true;
  const subjectKeyId = options.subjectKeyId ?? (isCa ? keyIdOf(publicKeySpki, "sha256-160") : undefined);
  if (subjectKeyId !== undefined) extensions.push(subjectKeyIdExtension(subjectKeyId));
  const authorityKeyId = authorityKeyIdOf(options, subject);
  if (authorityKeyId !== undefined) extensions.push(authorityKeyIdExtension(authorityKeyId));
  const altNames = altNameExtension(options.subjectAltNames, subject);
  if (altNames !== undefined) extensions.push(altNames);
  if (options.nameConstraints !== undefined) {
    if (!isCa) throw invalid("only a CA may have name constraints");
    extensions.push(nameConstraintsExtension(options.nameConstraints));
  }
  return mergeExtensions(extensions, options.extraExtensions);
}

function authorityKeyIdOf(
  { issuer, authorityKeyId }: CertificateOptions,
  subject: Uint8Array,
): Uint8Array | undefined {
  const parent = issuer.certificate;
  if (parent === undefined || Buffer.compare(parent.subject.raw, subject) === 0) return authorityKeyId;
  return parent.subjectKeyId ?? authorityKeyId;
}

function checkIssuerKey({ certificate, key }: CertificateOptions["issuer"]): void {
  if (certificate !== undefined && Buffer.compare(certificate.publicKeySpki, spkiOf(key)) !== 0) {
    throw new X509Error("key_mismatch", "the signing key is not the key of the issuer's certificate");
  }
}

function checkSerialNumber(serialNumber: bigint): bigint {
  if (serialNumber <= 0n || serialNumber >= 1n << 159n) {
    throw invalid("serial number must be positive and at most 20 octets with its sign bit");
  }
  return serialNumber;
}

function randomSerialNumber(): bigint {
  const octets = randomBytes(20);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return BigInt(`0x${octets.toString("hex")}`);
}

function checkValidity(notBefore: Date, notAfter: Date): void {
  for (const date of [notBefore, notAfter]) {
    const year = date.getUTCFullYear();
    if (!(year >= 0 && year <= 9999)) throw invalid("validity is not between the years 0 and 9999");
  }
  if (notAfter.getTime() < notBefore.getTime()) throw invalid("notAfter is before notBefore");
}
