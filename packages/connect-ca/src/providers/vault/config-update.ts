import { defaultCommonConfig } from "../../config/common-config.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { RawConfig } from "../../config/config-reader.ts";
import { parseVaultConfig, type VaultConfig } from "../../config/vault-config.ts";

/**
 * Refuses to change the kind of key while the root's path stays: the root there is used as it is, so the
 * change would be ignored. Throws a ConfigError.
 */
export function validateVaultUpdate(previous: RawConfig, next: RawConfig, isPrimary: boolean): void {
  const before = parse("existing", previous, isPrimary);
  const after = parse("new", next, isPrimary);
  if (before.rootPkiPath !== after.rootPkiPath) return;
  const { privateKeyType, privateKeyBits } = defaultCommonConfig;
  if (isFixed(before.privateKeyType, privateKeyType) && before.privateKeyType !== after.privateKeyType) {
    throw new ConfigError("cannot update the PrivateKeyType field without changing RootPKIPath");
  }
  if (isFixed(before.privateKeyBits, privateKeyBits) && before.privateKeyBits !== after.privateKeyBits) {
    throw new ConfigError("cannot update the PrivateKeyBits field without changing RootPKIPath");
  }
}

function isFixed<T>(value: T, fallback: T): boolean {
  return value !== "" && value !== 0 && value !== fallback;
}

function parse(which: string, raw: RawConfig, isPrimary: boolean): VaultConfig {
  try {
    return parseVaultConfig(raw, isPrimary);
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new ConfigError(`failed to parse ${which} CA config: ${error.message}`);
    }
    throw error;
  }
}
