export { InstallError, type InstallErrorCode } from "./install-error.ts";
export type { DetectContext, Detector } from "./source/address/detector.ts";
export { type ParseOptions, parseSource } from "./source/address/parse-source.ts";
export type {
  ClaimedDigest,
  FileArtifact,
  GetContext,
  Getter,
  Release,
  TreeArtifact,
} from "./source/getter.ts";
export { type Platform, thisPlatform } from "./source/platform.ts";
export type { ChecksumParameter, SourceAddress } from "./source/source-address.ts";
export { Sources, type SourcesOptions } from "./source/sources.ts";
export type { DetachedSignature, SignatureKind, SumsDocument } from "./source/sums-document.ts";
export type { CredentialCallback } from "./transfer/credentials/credential-finder.ts";
export { Credentials } from "./transfer/credentials/credentials.ts";
export type { Environment } from "./transfer/credentials/env-token.ts";
export { HttpTransfer, type TransferOptions } from "./transfer/http-transfer.ts";
export type { DownloadTarget, HttpDocument, Transfer, TransferRequest } from "./transfer/transfer.ts";
export { defaultTransferLimits, type TransferLimits } from "./transfer/transfer-limits.ts";
