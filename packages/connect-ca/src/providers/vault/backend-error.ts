import { ConfigError } from "../../config/config-error.ts";
import { ProviderError, type ProviderErrorCode, rateLimited } from "../../provider/provider-error.ts";
import { isVaultError, type VaultErrorCode } from "../../vault/vault-error.ts";

/** Makes a call to Vault; its failure becomes a ProviderError that begins with `what`. */
export async function orFail<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw backendError(what, error);
  }
}

/** What a failed call to Vault means to whoever asked the provider. Other errors stay what they are. */
export function backendError(what: string, error: unknown): unknown {
  if (!isVaultError(error)) return error;
  if (error.code === "vault-rate-limited") return rateLimited(error.message, error);
  if (error.code === "vault-option-invalid") return new ConfigError(`${what}: ${error.message}`);
  return new ProviderError(codes[error.code] ?? "ca-backend-failed", `${what}: ${error.message}`, {
    cause: error,
    facts: error.facts,
  });
}

const codes: Readonly<Partial<Record<VaultErrorCode, ProviderErrorCode>>> = {
  "vault-permission-denied": "ca-permission-denied",
  "vault-not-found": "ca-backend-not-mounted",
  "vault-sealed": "ca-unavailable",
  "vault-unavailable": "ca-unavailable",
  "vault-timeout": "ca-unavailable",
  "vault-login-invalid": "ca-unavailable",
  "vault-aborted": "ca-aborted",
};
