import { ProviderError } from "../../provider/provider-error.ts";
import type { ProviderLog } from "../../provider/provider-log.ts";
import type { ImportedIssuers, VaultPki } from "../../vault/pki.ts";
import type { CallOptions } from "../../vault/vault-client.ts";
import { isVaultError } from "../../vault/vault-error.ts";
import { orFail } from "./backend-error.ts";

const what = "failed to update default intermediate issuer";

/**
 * Makes the issuer whose key is `keyId` the mount's default, and removes the one it replaces with its
 * key. Vaults from 1.11 on keep many issuers per mount and go on signing with the first.
 */
export async function adoptIssuer(
  pki: VaultPki,
  { mapping }: ImportedIssuers,
  keyId: string,
  log: ProviderLog,
  options: CallOptions,
): Promise<void> {
  if (keyId === "") throw failed("expected non-empty keyId");
  const issuer = [...mapping].find(([, key]) => key === keyId)?.[0];
  if (issuer === undefined) throw failed(`could not find key_id "${keyId}" in response from vault`);
  const config = await orFail(`${what}: could not read from /config/issuers`, pki.issuersConfig(options));
  const previous = typeof config["default"] === "string" ? config["default"] : "";
  if (previous === issuer) return;
  // The whole object goes back, so that its other settings stay.
  await orFail(what, pki.putIssuersConfig({ ...config, default: issuer }, options));
  if (previous !== "") await removeIssuer(pki, previous, log, options);
}

// The new issuer is in use already: what cannot be removed is left behind with a warning.
async function removeIssuer(
  pki: VaultPki,
  issuer: string,
  log: ProviderLog,
  options: CallOptions,
): Promise<void> {
  const key = await warnOnFailure("issuer", pki.issuerKeyId(issuer, options));
  if (key === undefined) return;
  await warnOnFailure("issuer", pki.deleteIssuer(issuer, options));
  if (key !== "") await warnOnFailure("key", pki.deleteKey(key, options));

  async function warnOnFailure<T>(kind: string, step: Promise<T>): Promise<T | undefined> {
    return await step.catch((error: unknown) => {
      if (!isVaultError(error)) throw error;
      log.warn(`could not remove the previous intermediate's ${kind} from Vault`, { issuer, error });
      return undefined;
    });
  }
}

function failed(problem: string): ProviderError {
  return new ProviderError("ca-backend-failed", `${what}: ${problem}`);
}
