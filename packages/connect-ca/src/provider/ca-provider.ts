import type { Certificate, CertificateRequest } from "@drawbar/x509";
import type { RawConfig } from "../config/config-reader.ts";

/** What a provider is told when it is configured. It must not change the maps. */
export interface ProviderConfig {
  readonly clusterId: string;
  readonly datacenter: string;
  /** Whether this datacenter holds the root of the mesh. */
  readonly isPrimary: boolean;
  /** The operator's configuration, for the provider to read. */
  readonly config: RawConfig;
  /** What `state` gave before; empty if there is none. */
  readonly state: ProviderState;
}

/** What a provider shows to operators; never a secret. */
export type ProviderState = Readonly<Record<string, string>>;

/** What every method takes. */
export interface ProviderCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A secondary's request for an intermediate. */
export interface IntermediateRequest {
  readonly csrPem: string;
  /** What the provider wants back with the certificate; "" if nothing. */
  readonly opaque: string;
}

/**
 * A certificate authority of a service mesh: what keeps the keys and signs. In the primary datacenter it
 * holds (or can use) the root, in a secondary an intermediate that the primary's provider signed.
 *
 * All PEM it gives ends in a newline. Errors have stable codes: ProviderError, ValidationError,
 * ConfigError. Unless it says otherwise a method may be called only after `configure`.
 */
export interface CaProvider {
  /** Reads the configuration and prepares; may be called again. Throws ConfigError. */
  configure(config: ProviderConfig, options?: ProviderCallOptions): Promise<void>;

  /** What to store for the next `configure`, or null. */
  state(options?: ProviderCallOptions): Promise<ProviderState | null>;

  /**
   * The primary's chain, made if there is none: first the CA that signs secondaries' intermediates, last
   * the one that is trusted. Only in the primary; may be called again and gives the same then.
   */
  generateCaChain(options?: ProviderCallOptions): Promise<string>;

  /** The certificate that leafs are signed with; "" in a secondary that has none yet. */
  activeLeafSigningCert(options?: ProviderCallOptions): Promise<string>;

  /** Whether a primary signs leafs with an intermediate of its own instead of the root. */
  primaryUsesIntermediate(options?: ProviderCallOptions): Promise<boolean>;

  /** A new intermediate for leafs in the primary, at once the active one. */
  generateLeafSigningCert(options?: ProviderCallOptions): Promise<string>;

  /** A secondary's new key and the request for its certificate. */
  generateIntermediateCsr(options?: ProviderCallOptions): Promise<IntermediateRequest>;

  /** Takes the certificate for a request, signed below `rootPem`, after checking it. */
  setIntermediate(
    intermediatePem: string,
    rootPem: string,
    opaque: string,
    options?: ProviderCallOptions,
  ): Promise<void>;

  /**
   * Signs a leaf; gives it alone, without what signed it. Whoever took the request from outside has checked
   * its signature (`csr.checkSignature()`) and whom it is for: not every provider looks at that.
   */
  sign(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string>;

  /** Signs a secondary's request, after checking it; the CA that comes out may sign leafs only. */
  signIntermediate(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string>;

  /** Signs another CA as it is, so that what it signed verifies under our root as well. */
  crossSignCa(certificate: Certificate, options?: ProviderCallOptions): Promise<string>;

  supportsCrossSigning(options?: ProviderCallOptions): Promise<boolean>;

  /** Throws if `next` cannot follow `previous`; needs no `configure`. */
  validateConfigUpdate(previous: RawConfig, next: RawConfig, options?: ProviderCallOptions): Promise<void>;

  /**
   * Removes what the provider made for itself, once another has taken over: one of another type, or one
   * with `otherConfig`. It is of no use afterwards.
   */
  cleanup(typeChanged: boolean, otherConfig: RawConfig, options?: ProviderCallOptions): Promise<void>;

  /** Ends what runs in the background, such as the renewal of a token. Without effect the second time. */
  stop(): Promise<void>;
}
