import { parseCertificate } from "@drawbar/x509";
import type { CaProvider, ProviderCallOptions, ProviderState } from "../../provider/ca-provider.ts";
import { firstPemBlock } from "../../provider/first-pem-block.ts";
import { parsedInput, signedRequest } from "../parsed-input.ts";
import type { HistoricCalls, HistoricConfiguration } from "./historic-calls.ts";

/** A provider that remembers the root which its intermediate was set with, as hosts of version 1 ask for it. */
interface KnowsItsRoot {
  activeRoot(options: ProviderCallOptions): Promise<string>;
}

/** Answers version 1 with a provider of today: what has other names, and the opaque id that has none. */
export class HistoricServer implements HistoricCalls {
  readonly #provider: CaProvider;
  #isPrimary = false;
  /** Of the last request for an intermediate. */
  #opaque = "";
  /** Of the last intermediate. */
  #rootPem = "";

  constructor(provider: CaProvider) {
    this.#provider = provider;
  }

  async configure(request: HistoricConfiguration, options: ProviderCallOptions): Promise<void> {
    const { clusterId, isRoot, config, state } = request;
    // Version 1 does not tell the datacenter.
    await this.#provider.configure({ clusterId, datacenter: "", isPrimary: isRoot, config, state }, options);
    this.#isPrimary = isRoot;
  }

  async generateRoot(options: ProviderCallOptions): Promise<void> {
    await this.#provider.generateCaChain(options);
  }

  async activeRoot(options: ProviderCallOptions): Promise<string> {
    const provider = this.#provider;
    if (knowsItsRoot(provider)) return firstPemBlock(await provider.activeRoot(options));
    if (this.#isPrimary) return firstPemBlock(await provider.generateCaChain(options));
    return this.#rootPem;
  }

  async generateIntermediateCsr(options: ProviderCallOptions): Promise<string> {
    const { csrPem, opaque } = await this.#provider.generateIntermediateCsr(options);
    this.#opaque = opaque;
    return csrPem;
  }

  async setIntermediate(
    intermediatePem: string,
    rootPem: string,
    options: ProviderCallOptions,
  ): Promise<void> {
    await this.#provider.setIntermediate(intermediatePem, rootPem, this.#opaque, options);
    this.#rootPem = rootPem;
  }

  activeIntermediate(options: ProviderCallOptions): Promise<string> {
    return this.#provider.activeLeafSigningCert(options);
  }

  async generateIntermediate(options: ProviderCallOptions): Promise<string> {
    return (await this.#provider.primaryUsesIntermediate(options))
      ? await this.#provider.generateLeafSigningCert(options)
      : await this.#provider.activeLeafSigningCert(options);
  }

  async sign(csrDer: Uint8Array, options: ProviderCallOptions): Promise<string> {
    return await this.#provider.sign(await signedRequest(csrDer), options);
  }

  async signIntermediate(csrDer: Uint8Array, options: ProviderCallOptions): Promise<string> {
    return await this.#provider.signIntermediate(await signedRequest(csrDer), options);
  }

  async crossSignCa(certificateDer: Uint8Array, options: ProviderCallOptions): Promise<string> {
    return await this.#provider.crossSignCa(parsedInput(certificateDer, parseCertificate), options);
  }

  /** The host does not say what follows; it calls this when another provider took over. */
  cleanup(options: ProviderCallOptions): Promise<void> {
    return this.#provider.cleanup(true, {}, options);
  }

  state(options: ProviderCallOptions): Promise<ProviderState | null> {
    return this.#provider.state(options);
  }

  supportsCrossSigning(options: ProviderCallOptions): Promise<boolean> {
    return this.#provider.supportsCrossSigning(options);
  }
}

function knowsItsRoot(provider: CaProvider): provider is CaProvider & KnowsItsRoot {
  return "activeRoot" in provider && typeof provider.activeRoot === "function";
}
