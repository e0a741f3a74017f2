import type { RawConfig } from "../../config/config-reader.ts";
import type { ProviderCallOptions, ProviderState } from "../../provider/ca-provider.ts";

/** The method set of Consul 1.6's plugins as both transports carry it: certificates out as PEM, in as DER. */
export interface HistoricCalls {
  configure(request: HistoricConfiguration, options: ProviderCallOptions): Promise<void>;
  generateRoot(options: ProviderCallOptions): Promise<void>;
  activeRoot(options: ProviderCallOptions): Promise<string>;
  generateIntermediateCsr(options: ProviderCallOptions): Promise<string>;
  setIntermediate(intermediatePem: string, rootPem: string, options: ProviderCallOptions): Promise<void>;
  activeIntermediate(options: ProviderCallOptions): Promise<string>;
  generateIntermediate(options: ProviderCallOptions): Promise<string>;
  sign(csrDer: Uint8Array, options: ProviderCallOptions): Promise<string>;
  signIntermediate(csrDer: Uint8Array, options: ProviderCallOptions): Promise<string>;
  crossSignCa(certificateDer: Uint8Array, options: ProviderCallOptions): Promise<string>;
  cleanup(options: ProviderCallOptions): Promise<void>;
  /** Undefined if the plugin has no such method: Consul 1.6's have not. */
  state(options: ProviderCallOptions): Promise<ProviderState | null | undefined>;
  /** Likewise. */
  supportsCrossSigning(options: ProviderCallOptions): Promise<boolean | undefined>;
}

/** What Configure takes. */
export interface HistoricConfiguration {
  readonly clusterId: string;
  readonly isRoot: boolean;
  readonly config: RawConfig;
  readonly state: ProviderState;
}
