export { type ChainNode, chainTree } from "./cli/chain-tree.ts";
export { describeChains } from "./cli/describe-chain.ts";
export { type BuiltinConfig, parseBuiltinConfig } from "./config/builtin-config.ts";
export { type CommonConfig, defaultCommonConfig, parseCommonConfig } from "./config/common-config.ts";
export { ConfigError } from "./config/config-error.ts";
export type { RawConfig } from "./config/config-reader.ts";
export { formatGoDuration, type GoDuration, goDurationToMs, parseGoDuration } from "./config/go-duration.ts";
export {
  parseVaultConfig,
  type VaultAccess,
  type VaultAuthMethod,
  type VaultConfig,
} from "./config/vault-config.ts";
export { caCommonName } from "./names/ca-common-name.ts";
export { colonHex } from "./names/colon-hex.ts";
export { compactUid } from "./names/compact-uid.ts";
export { pluginVersion, providerHandshake, providerPluginName } from "./plugin/handshake.ts";
export { providerPlugins } from "./plugin/host-plugins.ts";
export { launchProvider, type ProviderLaunch, type ProviderProcess } from "./plugin/launch-provider.ts";
export { type ServeProviderOptions, servedProvider, serveProvider } from "./plugin/serve-provider.ts";
export type {
  CaProvider,
  IntermediateRequest,
  ProviderCallOptions,
  ProviderConfig,
  ProviderState,
} from "./provider/ca-provider.ts";
export { ProviderError, type ProviderErrorCode } from "./provider/provider-error.ts";
export { type LogFields, type ProviderLog, silentLog } from "./provider/provider-log.ts";
export { BuiltinProvider, type BuiltinProviderOptions } from "./providers/builtin/builtin-provider.ts";
export { VaultProvider } from "./providers/vault/vault-provider.ts";
export type { VaultProviderOptions } from "./providers/vault/vault-session.ts";
export { type CsrSubject, createCaCsr, createCsr } from "./requests/create-csr.ts";
export { canSign } from "./spiffe/can-sign.ts";
export { parseSpiffeId } from "./spiffe/parse-spiffe-id.ts";
export { SpiffeError } from "./spiffe/spiffe-error.ts";
export {
  type AgentId,
  formatSpiffeId,
  type MeshGatewayId,
  peeringServerName,
  type ServerId,
  type ServiceId,
  type SigningId,
  type SpiffeId,
  signingIdOf,
  trustDomainOf,
} from "./spiffe/spiffe-id.ts";
export { FileStore, type FileStoreOptions } from "./store/file-store.ts";
export { MemoryStore } from "./store/memory-store.ts";
export type { StateStore } from "./store/state-store.ts";
export { StoreError, type StoreErrorCode } from "./store/store-error.ts";
export type { StoreSecret } from "./store/store-key.ts";
export { type SetIntermediate, validateSetIntermediate } from "./validation/validate-set-intermediate.ts";
export { validateSignIntermediate } from "./validation/validate-sign-intermediate.ts";
export { ValidationError } from "./validation/validation-error.ts";
