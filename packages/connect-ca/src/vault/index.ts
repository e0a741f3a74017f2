export { type LoginOptions, type LoginRequest, login, loginRequest } from "./login/login.ts";
export { type LoginSource, type MetadataRequest, systemLoginSource } from "./login/login-source.ts";
export {
  type GenerateRequest,
  type ImportedIssuers,
  type SignIntermediateRequest,
  VaultPki,
} from "./pki.ts";
export type { JsonObject, VaultAuth, VaultSecret } from "./reply.ts";
export { defaultRetryPolicy, type RetryPolicy } from "./retry-policy.ts";
export { type MountConfig, type VaultHealth, VaultSys } from "./sys.ts";
export { lookUpToken, renewToken, type TokenLease } from "./token-calls.ts";
export { type TokenEvent, TokenKeeper, type TokenKeeperOptions } from "./token-keeper.ts";
export { TokenSchedule, type TokenStep } from "./token-schedule.ts";
export {
  type CallOptions,
  VaultClient,
  type VaultClientOptions,
  type VaultRequest,
} from "./vault-client.ts";
export { isVaultError, VaultError, type VaultErrorCode } from "./vault-error.ts";
export type { VaultTls } from "./vault-tls.ts";
