import { contextConstructedTag } from "../der/tag.ts";
import { bitString, integer, sequence, tlv, toBytes } from "../der/writer.ts";
import type { EncodedExtension } from "./extensions.ts";
import { encodeTime } from "./time.ts";

/** The parts of a certificate's signed body; names, keys and algorithms are in DER already. */
export interface CertificateBody {
  readonly serialNumber: bigint;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Uint8Array;
  readonly publicKeySpki: Uint8Array;
  readonly extensions: readonly EncodedExtension[];
}

const version3 = toBytes(tlv(contextConstructedTag(0), integer(2)));

/** TBSCertificate (RFC 5280 4.1) in DER: the bytes to sign. */
export function encodeCertificateBody(body: CertificateBody): Uint8Array {
  const extensions = body.extensions.map(({ der }) => der);
  const tbs = sequence(
    version3,
    integer(body.serialNumber),
    body.signatureAlgorithm,
    body.issuer,
    sequence(encodeTime(body.notBefore), encodeTime(body.notAfter)),
    body.subject,
    body.publicKeySpki,
    ...(extensions.length === 0 ? [] : [tlv(contextConstructedTag(3), sequence(...extensions))]),
  );
  // From node's pool, as the bytes live only until they are signed.
  return toBytes(tbs, Buffer.allocUnsafe(tbs.length));
}

/** A signed body, whether of a certificate or of a request: body, algorithm, signature. */
export function encodeSigned(body: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Uint8Array {
  return toBytes(sequence(body, algorithm, bitString(signature)));
}
