import { formatGoDuration } from "../../config/go-duration.ts";
import type { VaultConfig } from "../../config/vault-config.ts";
import type { ProviderLog } from "../../provider/provider-log.ts";
import type { CallOptions } from "../../vault/vault-client.ts";
import { isVaultError } from "../../vault/vault-error.ts";
import { backendError, orFail } from "./backend-error.ts";
import type { MountView } from "./vault-session.ts";

/** The role under which leafs are signed. */
export const leafRole = "leaf-cert";

/** Makes the intermediate's mount if it is missing, and brings its settings up to the configuration. */
export async function prepareIntermediateMount(
  mount: MountView,
  config: VaultConfig,
  log: ProviderLog,
  options: CallOptions,
): Promise<void> {
  await mountOrTune(mount, formatGoDuration(config.intermediateCertTtl), log, options);
  const role = {
    allow_any_name: true,
    allowed_uri_sans: "spiffe://*",
    key_type: "any",
    max_ttl: formatGoDuration(config.leafCertTtl),
    no_store: true,
    require_cn: false,
  };
  await orFail("could not write the role for leafs", mount.pki.putRole(leafRole, role, options));
  await tidyExpiredIssuers(mount, log, options);
}

async function mountOrTune(
  { pki, sys, path }: MountView,
  maxLeaseTtl: string,
  log: ProviderLog,
  options: CallOptions,
): Promise<void> {
  let pem: string;
  try {
    pem = await pki.caPem(options);
  } catch (error) {
    if (!isVaultError(error, "vault-not-found")) {
      throw backendError("unexpected error while fetching intermediate CA", error);
    }
    const description = "intermediate CA backend for Consul Connect";
    const mounting = sys.mount(path, { type: "pki", description, config: { maxLeaseTtl } }, options);
    await orFail("failed to mount intermediate PKI backend", mounting);
    return;
  }
  if (pem === "") return;
  // A token that may not tune is common where operators mount by themselves.
  await sys.tune(path, { maxLeaseTtl }, options).catch((error: unknown) => {
    if (isVaultError(error, "vault-aborted")) throw backendError("aborted", error);
    log.debug("could not tune the intermediate PKI mount; its lifetime stays as it is", { path, error });
  });
}

/** Asks Vault to remove expired issuers; older servers cannot, and that is no failure. */
async function tidyExpiredIssuers(
  { pki, path }: MountView,
  log: ProviderLog,
  options: CallOptions,
): Promise<void> {
  try {
    await pki.putAutoTidy({ enabled: true, tidy_expired_issuers: true }, options);
  } catch (error) {
    if (isVaultError(error, "vault-aborted")) throw backendError("aborted", error);
    log.info("Vault will not remove expired issuers by itself", { path, reason: tidyProblem(error), error });
  }
}

function tidyProblem(error: unknown): string {
  if (!isVaultError(error)) return "unexpected error";
  switch (error.status) {
    case 404:
    case 405:
      return "vault versions < 1.12 don't support auto-tidy";
    case 400:
      return "vault versions < 1.13 don't support the tidy_expired_issuers field";
    case 403:
      return "permission denied on auto-tidy path in vault";
    default:
      return error.code;
  }
}
