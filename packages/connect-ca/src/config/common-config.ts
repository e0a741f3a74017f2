import { ConfigError } from "./config-error.ts";
import { ConfigReader, type RawConfig } from "./config-reader.ts";
import { formatGoDuration, type GoDuration, hour } from "./go-duration.ts";

/** What every provider can be told. The names in an operator's configuration stand beside. */
export interface CommonConfig {
  /** `LeafCertTTL`, default 72h. */
  readonly leafCertTtl: GoDuration;
  /** `IntermediateCertTTL`, default 8760h. */
  readonly intermediateCertTtl: GoDuration;
  /** `RootCertTTL`, default 87600h. */
  readonly rootCertTtl: GoDuration;
  /** `PrivateKeyType`, `ec` (the default) or `rsa`. */
  readonly privateKeyType: string;
  /** `PrivateKeyBits`, default 256. */
  readonly privateKeyBits: number;
  /** `CSRMaxPerSecond`, default 50; 0 lifts the limit. */
  readonly csrMaxPerSecond: number;
  /** `CSRMaxConcurrent`, default 0, no limit; without effect while csrMaxPerSecond is not 0. */
  readonly csrMaxConcurrent: number;
  /** `SkipValidate`: take the other fields as they are; for tests. */
  readonly skipValidate: boolean;
}

export const defaultCommonConfig: CommonConfig = {
  leafCertTtl: 72n * hour,
  intermediateCertTtl: 8760n * hour,
  rootCertTtl: 87600n * hour,
  privateKeyType: "ec",
  privateKeyBits: 256,
  csrMaxPerSecond: 50,
  csrMaxConcurrent: 0,
  skipValidate: false,
};

const shortestLeafTtl: GoDuration = hour;
const longestLeafTtl: GoDuration = 8760n * hour;
const shortestIntermediateTtl: GoDuration = 3n * hour;

/** The common fields of a reader's configuration, not yet validated. */
export function readCommonConfig(
  reader: ConfigReader,
  fallback: CommonConfig = defaultCommonConfig,
): CommonConfig {
  return {
    leafCertTtl: reader.duration("LeafCertTTL", fallback.leafCertTtl),
    intermediateCertTtl: reader.duration("IntermediateCertTTL", fallback.intermediateCertTtl),
    rootCertTtl: reader.duration("RootCertTTL", fallback.rootCertTtl),
    privateKeyType: reader.string("PrivateKeyType", fallback.privateKeyType),
    privateKeyBits: reader.integer("PrivateKeyBits", fallback.privateKeyBits),
    csrMaxPerSecond: reader.float("CSRMaxPerSecond", fallback.csrMaxPerSecond),
    csrMaxConcurrent: reader.integer("CSRMaxConcurrent", fallback.csrMaxConcurrent),
    skipValidate: reader.boolean("SkipValidate", fallback.skipValidate),
  };
}

/**
 * The common fields of any provider's configuration, for limits and pruning. They are not validated:
 * the provider does that. Upstream defaults only CSRMaxPerSecond here, so that a configuration without
 * LeafCertTTL counts as a lifetime of nothing and rotated roots vanish within the hour; we default all.
 */
export function parseCommonConfig(raw: RawConfig): CommonConfig {
  const reader = new ConfigReader(raw);
  const config = readCommonConfig(reader);
  reader.finish();
  return config;
}

/** Throws a ConfigError with upstream's text for the first rule that is broken, in upstream's order. */
export function validateCommonConfig(config: CommonConfig): void {
  if (config.skipValidate) return;
  validateLifetimes(config);
  validateKey(config);
}

function validateLifetimes({ leafCertTtl, intermediateCertTtl, rootCertTtl }: CommonConfig): void {
  if (rootCertTtl < intermediateCertTtl) {
    const lifetimes = `root cert ttl: ${formatGoDuration(rootCertTtl)}, intermediate cert ttl: ${formatGoDuration(intermediateCertTtl)}`;
    throw new ConfigError(`root cert TTL is set and is not greater than intermediate cert ttl. ${lifetimes}`);
  }
  if (leafCertTtl < shortestLeafTtl) {
    throw new ConfigError(`leaf cert TTL must be greater or equal than ${formatGoDuration(shortestLeafTtl)}`);
  }
  if (leafCertTtl > longestLeafTtl) {
    throw new ConfigError(`leaf cert TTL must be less than ${formatGoDuration(longestLeafTtl)}`);
  }
  if (intermediateCertTtl < shortestIntermediateTtl) {
    throw new ConfigError("Intermediate Cert TTL must be greater or equal than 3h");
  }
  if (intermediateCertTtl < 3n * leafCertTtl) {
    const least = formatGoDuration(3n * leafCertTtl);
    throw new ConfigError(
      `Intermediate Cert TTL must be greater or equal than 3 * LeafCertTTL (>=${least}).`,
    );
  }
}

function validateKey({ privateKeyType, privateKeyBits }: CommonConfig): void {
  switch (privateKeyType) {
    case "ec":
      if ([224, 256, 384, 521].includes(privateKeyBits)) return;
      throw new ConfigError("EC key length must be one of (224, 256, 384, 521) bits");
    case "rsa":
      if (privateKeyBits === 2048 || privateKeyBits === 4096) return;
      throw new ConfigError("RSA key length must be 2048 or 4096 bits");
    default:
      throw new ConfigError("private key type must be either 'ec' or 'rsa'");
  }
}
