import { type CommonConfig, readCommonConfig, validateCommonConfig } from "./common-config.ts";
import { ConfigError } from "./config-error.ts";
import { ConfigReader, type RawConfig } from "./config-reader.ts";

/** The built-in provider's configuration. */
export interface BuiltinConfig extends CommonConfig {
  /** `PrivateKey`, PEM: the key of a root that the operator brings; "" makes one. */
  readonly privateKey: string;
  /** `RootCert`, PEM: the root that belongs to privateKey; "" makes one. */
  readonly rootCert: string;
  /** `DisableCrossSigning`, for tests of what happens then. */
  readonly disableCrossSigning: boolean;
}

/** Parses and validates; throws a ConfigError with upstream's text. Unknown keys are ignored. */
export function parseBuiltinConfig(raw: RawConfig): BuiltinConfig {
  const reader = new ConfigReader(raw);
  const config: BuiltinConfig = {
    ...readCommonConfig(reader),
    privateKey: reader.string("PrivateKey"),
    rootCert: reader.string("RootCert"),
    disableCrossSigning: reader.boolean("DisableCrossSigning"),
  };
  reader.finish();
  if (config.privateKey === "" && config.rootCert !== "") {
    throw new ConfigError("must provide a private key when providing a root cert");
  }
  validateCommonConfig(config);
  return config;
}
