export { InstallError, type InstallErrorCode } from "./install-error.ts";
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
export type { DetachedSignature, SignatureKind, SumsDocument } from "./source/sums-document.ts";
