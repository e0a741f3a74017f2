import { type Channel, type Client, createClient } from "@drawbar/grpc";
import type { Certificate, CertificateRequest } from "@drawbar/x509";
import type { RawConfig } from "../../config/config-reader.ts";
import type {
  CaProvider,
  IntermediateRequest,
  ProviderCallOptions,
  ProviderConfig,
  ProviderState,
} from "../../provider/ca-provider.ts";
import { encodeConfig } from "../config-json.ts";
import { fromFailure } from "../errors/from-failure.ts";
import { currentDefinition } from "./current-definition.ts";

type Service = Client<typeof currentDefinition>;

/** A provider in a plugin that speaks version 2. Errors are those of the provider itself, again. */
export class CurrentClient implements CaProvider {
  readonly #service: Service;

  constructor(channel: Channel) {
    this.#service = createClient(currentDefinition, channel);
  }

  async configure(config: ProviderConfig, options?: ProviderCallOptions): Promise<void> {
    const { clusterId, datacenter, isPrimary, state } = config;
    const request = { clusterId, datacenter, isPrimary, state: { ...state } };
    await this.#call("configure", { ...request, configJson: encodeConfig(config.config) }, options);
  }

  async state(options?: ProviderCallOptions): Promise<ProviderState | null> {
    const { present, state } = await this.#call("state", {}, options);
    return present ? state : null;
  }

  async generateCaChain(options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("generateCaChain", {}, options)).pem;
  }

  async activeLeafSigningCert(options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("activeLeafSigningCert", {}, options)).pem;
  }

  async primaryUsesIntermediate(options?: ProviderCallOptions): Promise<boolean> {
    return (await this.#call("primaryUsesIntermediate", {}, options)).usesIntermediate;
  }

  async generateLeafSigningCert(options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("generateLeafSigningCert", {}, options)).pem;
  }

  async generateIntermediateCsr(options?: ProviderCallOptions): Promise<IntermediateRequest> {
    const { csrPem, opaque } = await this.#call("generateIntermediateCsr", {}, options);
    return { csrPem, opaque };
  }

  async setIntermediate(
    intermediatePem: string,
    rootPem: string,
    opaque: string,
    options?: ProviderCallOptions,
  ): Promise<void> {
    await this.#call("setIntermediate", { intermediatePem, rootPem, opaque }, options);
  }

  async sign(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("sign", { csrDer: csr.raw }, options)).pem;
  }

  async signIntermediate(csr: CertificateRequest, options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("signIntermediate", { csrDer: csr.raw }, options)).pem;
  }

  async crossSignCa(certificate: Certificate, options?: ProviderCallOptions): Promise<string> {
    return (await this.#call("crossSignCa", { certificateDer: certificate.raw }, options)).pem;
  }

  async supportsCrossSigning(options?: ProviderCallOptions): Promise<boolean> {
    return (await this.#call("supportsCrossSigning", {}, options)).supported;
  }

  async validateConfigUpdate(
    previous: RawConfig,
    next: RawConfig,
    options?: ProviderCallOptions,
  ): Promise<void> {
    const request = { previousJson: encodeConfig(previous), nextJson: encodeConfig(next) };
    await this.#call("validateConfigUpdate", request, options);
  }

  async cleanup(typeChanged: boolean, otherConfig: RawConfig, options?: ProviderCallOptions): Promise<void> {
    await this.#call("cleanup", { typeChanged, otherConfigJson: encodeConfig(otherConfig) }, options);
  }

  async stop(): Promise<void> {
    await this.#call("stop", {}, {});
  }

  async #call<Name extends keyof Service>(
    name: Name,
    request: Parameters<Service[Name]>[0],
    options: ProviderCallOptions = {},
  ): Promise<Awaited<ReturnType<Service[Name]>>> {
    const { signal } = options;
    try {
      // The compiler does not see that one method's request goes to that same method.
      const method = this.#service[name] as (
        request: Parameters<Service[Name]>[0],
        options: ProviderCallOptions,
      ) => Promise<Awaited<ReturnType<Service[Name]>>>;
      return await method(request, { signal });
    } catch (failure) {
      throw fromFailure(failure, name, signal);
    }
  }
}
