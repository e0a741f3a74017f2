export { Certificate, parseCertificate, parseCertificates } from "./certificate.ts";
export { type CertificateOptions, createCertificate, createCertificateSync } from "./create-certificate.ts";
export type { NameConstraintsOptions } from "./create-name-constraints.ts";
export { defaultSignatureAlgorithm, type SubjectOptions } from "./create-options.ts";
export {
  createCertificateRequest,
  createCertificateRequestSync,
  type RequestOptions,
} from "./create-request.ts";
export type { BasicConstraints, Extension, ExtKeyUsage } from "./encode/extensions.ts";
export type { NameAttributes } from "./encode/name.ts";
export { X509Error, type X509ErrorCode } from "./error.ts";
export { generateKey, generateKeySync, type KeyPair, type KeyRequest } from "./generate-key.ts";
export type { KeyIdMethod } from "./key-id.ts";
export { keyId, type PublicKeySource, spkiOfSource } from "./key-source.ts";
export type { KeyUsage } from "./key-usage.ts";
export {
  keyKind,
  type PrivateKeyFormat,
  parsePrivateKey,
  parsePublicKey,
  privateKeyToPem,
  publicKeyToPem,
  spkiOf,
} from "./keys.ts";
export { defaultLimits, type X509Limits } from "./limits.ts";
export { Name, type NameAttribute } from "./name.ts";
export { oid as extensionOids } from "./oids.ts";
export type { SubjectAltNames } from "./parse/alt-names.ts";
export type { NameConstraints, NameSubtrees } from "./parse/name-constraints.ts";
export type { Curve, KeyKind } from "./parse/public-key.ts";
export type { RequestAttribute } from "./parse/request.ts";
export { encodePem, type PemBlock, parsePem } from "./pem.ts";
export { CertificateRequest, parseCertificateRequest } from "./request.ts";
export type { SignatureAlgorithm } from "./signature-algorithm.ts";
export { type ChainOptions, verifyChain } from "./verify-chain.ts";
