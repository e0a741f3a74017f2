import type { Certificate, CertificateRequest } from "@drawbar/x509";
import type { RawConfig } from "../../config/config-reader.ts";
import type {
  CaProvider,
  IntermediateRequest,
  ProviderCallOptions,
  ProviderConfig,
  ProviderState,
} from "../../provider/ca-provider.ts";
import { firstPemBlock } from "../../provider/first-pem-block.ts";
import {
  isPrimaryWithoutCsr,
  isPrimaryWithoutIntermediate,
  notInitialized,
  notPrimary,
  ProviderError,
} from "../../provider/provider-error.ts";
import { withTrailingNewline } from "../../provider/trailing-newline.ts";
import { fromFailure } from "../errors/from-failure.ts";
import type { HistoricCalls } from "./historic-calls.ts";

/**
 * A provider of today in a plugin of version 1, Consul 1.6's own for instance. Roles, which those plugins
 * do not all check, are checked here; what version 1 cannot say is left out.
 */
export class HistoricClient implements CaProvider {
  readonly #calls: HistoricCalls;
  #role: "none" | "primary" | "secondary" = "none";

  constructor(calls: HistoricCalls) {
    this.#calls = calls;
  }

  async configure(config: ProviderConfig, options?: ProviderCallOptions): Promise<void> {
    const { clusterId, isPrimary, config: raw, state } = config;
    const request = { clusterId, isRoot: isPrimary, config: raw, state };
    await this.#call("Configure", options, (how) => this.#calls.configure(request, how));
    this.#role = isPrimary ? "primary" : "secondary";
  }

  async state(options?: ProviderCallOptions): Promise<ProviderState | null> {
    return (await this.#call("State", options, (how) => this.#calls.state(how))) ?? null;
  }

  async generateCaChain(options?: ProviderCallOptions): Promise<string> {
    this.#mustBePrimary();
    await this.#call("GenerateRoot", options, (how) => this.#calls.generateRoot(how));
    return await this.#activeRoot(options);
  }

  async activeLeafSigningCert(options?: ProviderCallOptions): Promise<string> {
    try {
      const active = this.#call("ActiveIntermediate", options, (how) => this.#calls.activeIntermediate(how));
      return withTrailingNewline(await active);
    } catch (error) {
      // Consul 1.6's Vault provider mounts its backend with the first request: there is none yet.
      if (error instanceof ProviderError && error.message === "backend not mounted") return "";
      throw error;
    }
  }

  /** Version 1 has no word for it: it does if it has another certificate for leafs than the root, or none. */
  async primaryUsesIntermediate(options?: ProviderCallOptions): Promise<boolean> {
    if (this.#role !== "primary") return false;
    return (await this.activeLeafSigningCert(options)) !== (await this.#activeRoot(options));
  }

  async generateLeafSigningCert(options?: ProviderCallOptions): Promise<string> {
    this.#mustBePrimary();
    const made = this.#call("GenerateIntermediate", options, (how) => this.#calls.generateIntermediate(how));
    return withTrailingNewline(await made);
  }

  async generateIntermediateCsr(options?: ProviderCallOptions): Promise<IntermediateRequest> {
    if (this.#role === "primary") throw isPrimaryWithoutCsr();
    const csrPem = await this.#call("GenerateIntermediateCSR", options, (how) =>
      this.#calls.generateIntermediateCsr(how),
    );
    return { csrPem: withTrailingNewline(csrPem), opaque: "" };
  }

  async setIntermediate(
    intermediatePem: string,
    rootPem: string,
    _opaque: string,
    options?: ProviderCallOptions,
  ): Promise<void> {
    if (this.#role === "primary") throw isPrimaryWithoutIntermediate();
    await this.#call("SetIntermediate", options, (how) =>
      this.#calls.setIntermediate(intermediatePem, rootPem, how),
    );
  }

  /** Plugins of old give the leaf's signer along with it. */
  async sign(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string> {
    return firstPemBlock(await this.#call("Sign", options, (how) => this.#calls.sign(csr.raw, how)));
  }

  async signIntermediate(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string> {
    const signed = this.#call("SignIntermediate", options, (how) =>
      this.#calls.signIntermediate(csr.raw, how),
    );
    return withTrailingNewline(await signed);
  }

  async crossSignCa(certificate: Certificate, options?: ProviderCallOptions): Promise<string> {
    const signed = this.#call("CrossSignCA", options, (how) => this.#calls.crossSignCa(certificate.raw, how));
    return withTrailingNewline(await signed);
  }

  async supportsCrossSigning(options?: ProviderCallOptions): Promise<boolean> {
    const asked = this.#call("SupportsCrossSigning", options, (how) => this.#calls.supportsCrossSigning(how));
    return (await asked) ?? true;
  }

  /** Version 1 cannot ask: any may follow any other, and `configure` tells. */
  async validateConfigUpdate(_previous: RawConfig, _next: RawConfig): Promise<void> {}

  async cleanup(
    _typeChanged: boolean,
    _otherConfig: RawConfig,
    options?: ProviderCallOptions,
  ): Promise<void> {
    await this.#call("Cleanup", options, (how) => this.#calls.cleanup(how));
  }

  /** Version 1 has nothing to stop; the plugin's end does. */
  async stop(): Promise<void> {}

  async #activeRoot(options: ProviderCallOptions | undefined): Promise<string> {
    return withTrailingNewline(await this.#call("ActiveRoot", options, (how) => this.#calls.activeRoot(how)));
  }

  #mustBePrimary(): void {
    if (this.#role === "none") throw notInitialized();
    if (this.#role === "secondary") throw notPrimary();
  }

  async #call<T>(
    method: string,
    options: ProviderCallOptions = {},
    call: (options: ProviderCallOptions) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(options);
    } catch (failure) {
      throw fromFailure(failure, method, options.signal);
    }
  }
}
