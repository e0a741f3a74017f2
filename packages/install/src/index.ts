export { type ArchiveKind, archiveKind, archiveKindOfName } from "./archive/archive-kind.ts";
export { type UnpackOptions, unpack } from "./archive/unpack.ts";
export { defaultUnpackLimits, type UnpackLimits } from "./archive/unpack-limits.ts";
export type { UnpackedFile } from "./archive/write-entries.ts";
export type { CheckedPlugin } from "./install/check-plugin.ts";
export type { Mirrors } from "./install/mirrors.ts";
export type { InstallRequest } from "./install/plan-install.ts";
export {
  type ListedPlugin,
  Plugins,
  pluginFinder,
  type UpdatedPlugin,
} from "./install/plugins.ts";
export type { PluginsOptions } from "./install/plugins-options.ts";
export type { InstallProgress } from "./install/progress.ts";
export type { TrustPolicy } from "./install/trust-policy.ts";
export { InstallError, type InstallErrorCode } from "./install-error.ts";
export type { LockDocument, LockedPlugin } from "./lock-file/lock-document.ts";
export { type PackedPlugin, type PackOptions, type PluginBuild, packPlugin } from "./publish/pack-plugin.ts";
export { type Published, type PublishOptions, publishRelease } from "./publish/publish-release.ts";
export { type ReleaseArchive, type ReleaseFiles, readRelease } from "./publish/read-release.ts";
export { writeChecksumList } from "./publish/write-checksum-list.ts";
export {
  type GeneratedKeyPair,
  type GenerateOptions,
  generateSigningKeyPair,
} from "./sign/generate-key-pair.ts";
export { type AskPassphrase, readSigningKey } from "./sign/read-signing-key.ts";
export { type SigningKey, signatureSuffix } from "./sign/signing-key.ts";
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
export { type Platform, readPlatform, thisPlatform } from "./source/platform.ts";
export type { ChecksumParameter, SourceAddress } from "./source/source-address.ts";
export { Sources, type SourcesOptions } from "./source/sources.ts";
export type { DetachedSignature, SignatureKind, SumsDocument } from "./source/sums-document.ts";
export { releaseOf } from "./source/sums-finder.ts";
export type { InstalledPlugin } from "./store/installed-plugin.ts";
export type { CredentialCallback } from "./transfer/credentials/credential-finder.ts";
export { Credentials } from "./transfer/credentials/credentials.ts";
export type { Environment } from "./transfer/credentials/env-token.ts";
export { HttpTransfer, type TransferOptions } from "./transfer/http-transfer.ts";
export type { DownloadTarget, HttpDocument, Transfer, TransferRequest } from "./transfer/transfer.ts";
export { defaultTransferLimits, type TransferLimits } from "./transfer/transfer-limits.ts";
export { type Checksum, readChecksumList } from "./verify/checksum-list.ts";
export { fileDigest } from "./verify/file-digest.ts";
export { readTrustedKeys } from "./verify/read-trusted-key.ts";
export { treeDigest } from "./verify/tree-digest.ts";
export type { TrustedKey } from "./verify/trusted-key.ts";
export { verifySignatures } from "./verify/verify-signatures.ts";
export { type VerifiedChecksum, verifySums } from "./verify/verify-sums.ts";
export { compareVersions, normalVersion, sameVersion } from "./version/parse-version.ts";
export { VersionConstraint } from "./version/version-constraint.ts";
