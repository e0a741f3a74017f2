import type { KeyObject } from "node:crypto";
import {
  altNameExtension,
  mergeExtensions,
  type SubjectOptions,
  signingDetails,
  subjectBytes,
  usageExtensions,
} from "./create-options.ts";
import { contextConstructedTag } from "./der/tag.ts";
import { type DerValue, integer, objectIdentifier, sequence, setOf, tlv, toBytes } from "./der/writer.ts";
import { encodeSigned } from "./encode/certificate.ts";
import type { EncodedExtension } from "./encode/extensions.ts";
import { spkiOf } from "./keys.ts";
import { oid } from "./oids.ts";
import { CertificateRequest } from "./request.ts";
import { signAsync, signSync } from "./sign.ts";

/** What `createCertificateRequest` takes. */
export interface RequestOptions extends SubjectOptions {
  /** The private key that the certificate is wanted for; it signs the request. */
  readonly key: KeyObject;
}

/**
 * Makes and signs a certificate request, signing in node's thread pool.
 *
 * @throws X509Error `invalid_option`, `unsupported_key`
 */
export async function createCertificateRequest(options: RequestOptions): Promise<CertificateRequest> {
  const details = signingDetails(options.key, options.signatureAlgorithm);
  const body = encodeBody(options);
  const signature = await signAsync(details, body, options.key);
  return new CertificateRequest(encodeSigned(body, details.identifier, signature));
}

/** Makes and signs a certificate request in this thread. */
export function createCertificateRequestSync(options: RequestOptions): CertificateRequest {
  const details = signingDetails(options.key, options.signatureAlgorithm);
  const body = encodeBody(options);
  return new CertificateRequest(encodeSigned(body, details.identifier, signSync(details, body, options.key)));
}

// CertificationRequestInfo (RFC 2986 4.1). The attributes stand even when there are none.
function encodeBody(options: RequestOptions): Uint8Array {
  const subject = subjectBytes(options.subject);
  const altNames = altNameExtension(options.subjectAltNames, subject);
  const computed = [...usageExtensions(options), ...(altNames === undefined ? [] : [altNames])];
  const extensions = mergeExtensions(computed, options.extraExtensions);
  return toBytes(sequence(integer(0), subject, spkiOf(options.key), encodeAttributes(extensions)));
}

function encodeAttributes(extensions: readonly EncodedExtension[]): DerValue {
  if (extensions.length === 0) return tlv(contextConstructedTag(0));
  const requested = setOf(sequence(...extensions.map(({ der }) => der)));
  return tlv(contextConstructedTag(0), sequence(objectIdentifier(oid.extensionRequest), requested));
}
