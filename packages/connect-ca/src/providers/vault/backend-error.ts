import { ConfigError } from "../../config/config-error.ts";
import { ProviderError, type ProviderErrorCode, rateLimited } from "../../provider/provider-error.ts";
import { isVaultError, type VaultError, type VaultErrorCode } from "../../vault/vault-error.ts";

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
  if (hasNoCa(error)) {
    const advice = "the mount has no CA, or one whose renewal was not ended: renew it";
    const message = `${what}: ${error.message} (${advice})`;
    return new ProviderError("ca-not-initialized", message, { cause: error, facts: error.facts });
  }
  return new ProviderError(codes[error.code] ?? "ca-backend-failed", `${what}: ${error.message}`, {
    cause: error,
    facts: error.facts,
  });
}

/** Vault's words, of every era, for a mount that cannot sign: without a CA, or with a key and no certificate. */
function hasNoCa({ status, errors }: VaultError): boolean {
  const said = /could not fetch the CA certificate|stored CA information not able to be parsed/;
  return status === 500 && errors.some((error) => said.test(error));
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
