import { type CommonConfig, readCommonConfig, validateCommonConfig } from "./common-config.ts";
import { ConfigError } from "./config-error.ts";
import { ConfigReader, type RawConfig } from "./config-reader.ts";

/** The Vault provider's configuration. Text fields that were not given are "". */
export interface VaultConfig extends CommonConfig {
  /** `Address`: `https://host:port` or `unix:///path`. */
  readonly address: string;
  /** How to be let in: a token, or a way to get one. */
  readonly access: VaultAccess;
  /** `RootPKIPath`, with a slash at its end; "" where a secondary gave none. */
  readonly rootPkiPath: string;
  /** `IntermediatePKIPath`, with a slash at its end. */
  readonly intermediatePkiPath: string;
  /** `Namespace`, for everything that has no namespace of its own. */
  readonly namespace: string;
  /** `RootPKINamespace`, absolute; "" means namespace. */
  readonly rootPkiNamespace: string;
  /** `IntermediatePKINamespace`, absolute; "" means namespace. */
  readonly intermediatePkiNamespace: string;
  /** `CAFile` and `CAPath`: what to trust instead of the system's roots. */
  readonly caFile: string;
  readonly caPath: string;
  /** `CertFile` and `KeyFile`: our own certificate, both or neither. */
  readonly certFile: string;
  readonly keyFile: string;
  /** `TLSServerName`: the name to ask for and to verify. */
  readonly tlsServerName: string;
  /** `TLSSkipVerify`: trust whoever answers. */
  readonly tlsSkipVerify: boolean;
}

export type VaultAccess =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "login"; readonly method: VaultAuthMethod };

/** `AuthMethod`: Type, MountPath (default: the type), Params. */
export interface VaultAuthMethod {
  readonly type: string;
  readonly mountPath: string;
  readonly params: RawConfig;
}

/**
 * Parses and validates; throws a ConfigError with upstream's text, in upstream's order. Unknown keys
 * are ignored. A primary needs a root path; a secondary may omit it.
 */
export function parseVaultConfig(raw: RawConfig, isPrimary: boolean): VaultConfig {
  const reader = new ConfigReader(raw);
  const token = reader.string("Token");
  const method = readAuthMethod(reader);
  const fields = { ...readCommonConfig(reader), ...readVaultFields(reader) };
  reader.finish();
  const access = accessOf(token, method);
  if (isPrimary && fields.rootPkiPath === "") {
    throw new ConfigError("must provide a valid path to a root PKI backend");
  }
  if (fields.intermediatePkiPath === "") {
    throw new ConfigError("must provide a valid path for the intermediate PKI backend");
  }
  const config: VaultConfig = {
    ...fields,
    access,
    rootPkiPath: withTrailingSlash(fields.rootPkiPath),
    intermediatePkiPath: withTrailingSlash(fields.intermediatePkiPath),
  };
  validateCommonConfig(config);
  return config;
}

function readVaultFields(reader: ConfigReader): Omit<VaultConfig, keyof CommonConfig | "access"> {
  return {
    address: reader.string("Address"),
    rootPkiPath: reader.string("RootPKIPath"),
    intermediatePkiPath: reader.string("IntermediatePKIPath"),
    namespace: reader.string("Namespace"),
    rootPkiNamespace: reader.string("RootPKINamespace"),
    intermediatePkiNamespace: reader.string("IntermediatePKINamespace"),
    caFile: reader.string("CAFile"),
    caPath: reader.string("CAPath"),
    certFile: reader.string("CertFile"),
    keyFile: reader.string("KeyFile"),
    tlsServerName: reader.string("TLSServerName"),
    tlsSkipVerify: reader.boolean("TLSSkipVerify"),
  };
}

function readAuthMethod(reader: ConfigReader): VaultAuthMethod | undefined {
  const nested = reader.nested("AuthMethod");
  if (nested === undefined) return undefined;
  return {
    type: nested.string("Type"),
    mountPath: nested.string("MountPath"),
    params: nested.map("Params") ?? {},
  };
}

function accessOf(token: string, method: VaultAuthMethod | undefined): VaultAccess {
  if (token !== "" && method !== undefined) {
    throw new ConfigError("only one of Vault token or Vault auth method can be provided, but not both");
  }
  if (method !== undefined) return { kind: "login", method };
  if (token !== "") return { kind: "token", token };
  throw new ConfigError("must provide a Vault token or configure a Vault auth method");
}

function withTrailingSlash(path: string): string {
  return path === "" || path.endsWith("/") ? path : `${path}/`;
}
