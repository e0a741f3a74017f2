import type { Certificate, CertificateRequest } from "@drawbar/x509";
import type { RawConfig } from "../../config/config-reader.ts";
import { formatGoDuration } from "../../config/go-duration.ts";
import { parseVaultConfig, type VaultConfig } from "../../config/vault-config.ts";
import { caCommonName } from "../../names/ca-common-name.ts";
import { compactUid } from "../../names/compact-uid.ts";
import type {
  CaProvider,
  IntermediateRequest,
  ProviderCallOptions,
  ProviderConfig,
} from "../../provider/ca-provider.ts";
import {
  isPrimaryWithoutCsr,
  isPrimaryWithoutIntermediate,
  notInitialized,
  notPrimary,
  ProviderError,
} from "../../provider/provider-error.ts";
import { type ProviderLog, silentLog } from "../../provider/provider-log.ts";
import { withTrailingNewline } from "../../provider/trailing-newline.ts";
import { formatSpiffeId, type SigningId, signingIdOf } from "../../spiffe/spiffe-id.ts";
import { validateSetIntermediate } from "../../validation/validate-set-intermediate.ts";
import { validateSignIntermediate } from "../../validation/validate-sign-intermediate.ts";
import type { GenerateRequest, SignIntermediateRequest } from "../../vault/pki.ts";
import { isVaultError } from "../../vault/vault-error.ts";
import { backendError, orFail } from "./backend-error.ts";
import { certificatesOf } from "./certificates-of.ts";
import { validateVaultUpdate } from "./config-update.ts";
import { adoptIssuer } from "./default-issuer.ts";
import { leafRole, prepareIntermediateMount } from "./intermediate-mount.ts";
import { readOrMakeRoot } from "./root-mount.ts";
import { type VaultProviderOptions, VaultSession } from "./vault-session.ts";

/** What `configure` made. */
interface Configured {
  readonly session: VaultSession;
  readonly config: VaultConfig;
  readonly clusterId: string;
  readonly isPrimary: boolean;
  readonly id: SigningId;
}

/** A CA whose keys live in HashiCorp Vault and never leave it: one PKI mount for the root, one for leafs. */
export class VaultProvider implements CaProvider {
  readonly #options: VaultProviderOptions;
  readonly #log: ProviderLog;
  #configured: Configured | undefined;

  constructor(options: VaultProviderOptions = {}) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
  }

  /** While it fails, what was configured before stays in force. */
  async configure(config: ProviderConfig, options: ProviderCallOptions = {}): Promise<void> {
    const parsed = parseVaultConfig(config.config, config.isPrimary);
    const session = await VaultSession.open(parsed, this.#log, { ...this.#options, ...options });
    try {
      await prepareIntermediateMount(session.intermediate, parsed, this.#log, options);
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
    const { clusterId, isPrimary } = config;
    this.#configured?.session[Symbol.dispose]();
    this.#configured = { session, config: parsed, clusterId, isPrimary, id: signingIdOf(clusterId) };
  }

  async state(): Promise<null> {
    return null;
  }

  async generateCaChain(options: ProviderCallOptions = {}): Promise<string> {
    const { session, config } = this.#primary();
    return await readOrMakeRoot(session.root, config.rootCertTtl, () => this.#request(), options);
  }

  async activeLeafSigningCert(options: ProviderCallOptions = {}): Promise<string> {
    const { pki, path } = this.#ready().session.intermediate;
    try {
      return withTrailingNewline(await pki.caPem(options));
    } catch (error) {
      if (!isVaultError(error, "vault-not-found")) throw backendError("failed to read the leaf CA", error);
      throw new ProviderError("ca-backend-not-mounted", `backend not mounted: Vault has nothing at ${path}`, {
        cause: error,
      });
    }
  }

  async primaryUsesIntermediate(): Promise<boolean> {
    return true;
  }

  async generateLeafSigningCert(options: ProviderCallOptions = {}): Promise<string> {
    this.#primary();
    const { csrPem, opaque } = await this.#newIntermediate(options);
    const signed = await this.#signBelowRoot({ csr: csrPem }, options).catch(async (error: unknown) => {
      await this.#forgetKey(opaque);
      throw error;
    });
    await this.#install(signed, opaque, options);
    return await this.activeLeafSigningCert(options);
  }

  async generateIntermediateCsr(options: ProviderCallOptions = {}): Promise<IntermediateRequest> {
    if (this.#ready().isPrimary) throw isPrimaryWithoutCsr();
    return await this.#newIntermediate(options);
  }

  async setIntermediate(
    intermediatePem: string,
    rootPem: string,
    opaque: string,
    options: ProviderCallOptions = {},
  ): Promise<void> {
    const { isPrimary, id } = this.#ready();
    if (isPrimary) throw isPrimaryWithoutIntermediate();
    validateSetIntermediate({ intermediatePem, rootPem, id, at: this.#now() });
    await this.#install(intermediatePem, opaque, options);
  }

  async sign(csr: CertificateRequest, options: ProviderCallOptions = {}): Promise<string> {
    const { session, config } = this.#ready();
    const request = { csr: csr.toPem(), ttl: formatGoDuration(config.leafCertTtl) };
    const signing = session.intermediate.pki.sign(leafRole, request, options);
    const { certificate } = await orFail("error issuing cert", signing);
    const [leaf] = certificatesOf("error issuing cert", certificate);
    if (!Buffer.from(csr.publicKeySpki).equals(leaf.publicKeySpki)) {
      throw new ProviderError(
        "ca-backend-failed",
        "error issuing cert: Vault's certificate is for another key",
      );
    }
    return withTrailingNewline(certificate);
  }

  async signIntermediate(csr: CertificateRequest, options: ProviderCallOptions = {}): Promise<string> {
    const { id } = this.#withRoot();
    await validateSignIntermediate(csr, id);
    return withTrailingNewline(await this.#signBelowRoot({ csr: csr.toPem(), maxPathLength: 0 }, options));
  }

  async crossSignCa(certificate: Certificate, options: ProviderCallOptions = {}): Promise<string> {
    const { pki } = this.#withRoot().session.root;
    const what = "failed to get root CA";
    const [root] = certificatesOf(what, await orFail(what, pki.caPem(options)));
    if (root.notAfter < this.#now()) {
      throw new ProviderError("ca-root-expired", "root certificate is expired");
    }
    const signing = pki.signSelfIssued(certificate.toPem(), options);
    return withTrailingNewline(await orFail("error having Vault cross-sign cert", signing));
  }

  async supportsCrossSigning(): Promise<boolean> {
    return true;
  }

  async validateConfigUpdate(previous: RawConfig, next: RawConfig): Promise<void> {
    validateVaultUpdate(previous, next, this.#configured?.isPrimary ?? false);
  }

  async cleanup(
    typeChanged: boolean,
    otherConfig: RawConfig,
    options: ProviderCallOptions = {},
  ): Promise<void> {
    const { session, config, isPrimary } = this.#ready();
    session.stopRenewal();
    // The new provider lives already: what it uses must stay. The root always does.
    if (!typeChanged && isSameMount(config, parseVaultConfig(otherConfig, isPrimary))) return;
    const { sys, path } = session.intermediate;
    await orFail("failed to unmount the intermediate PKI backend", sys.unmount(path, options));
  }

  async stop(): Promise<void> {
    this.#configured?.session.stopRenewal();
  }

  async #newIntermediate(options: ProviderCallOptions): Promise<IntermediateRequest> {
    const { pki } = this.#ready().session.intermediate;
    const generating = pki.generateIntermediate(this.#request(), options);
    const { csr, keyId } = await orFail("failed to generate an intermediate CSR", generating);
    return { csrPem: withTrailingNewline(csr), opaque: keyId };
  }

  /**
   * The names come from `uriSans` and not from the request. With use_csr_values, newer servers refuse
   * requests that ask to be a CA, which Consul's own do; without both, Vaults after 1.1.0 drop the URI.
   */
  async #signBelowRoot(
    request: Pick<SignIntermediateRequest, "csr" | "maxPathLength">,
    options: ProviderCallOptions,
  ): Promise<string> {
    const { session, config, id } = this.#withRoot();
    const signing = session.root.pki.signIntermediate(
      {
        ...request,
        useCsrValues: false,
        uriSans: formatSpiffeId(id),
        ttl: formatGoDuration(config.intermediateCertTtl),
      },
      options,
    );
    return await orFail("error signing intermediate", signing);
  }

  /** Takes back the key of a request that was not signed: each try would leave one behind. */
  async #forgetKey(keyId: string): Promise<void> {
    if (keyId === "") return;
    const { pki, path } = this.#ready().session.intermediate;
    await pki.deleteKey(keyId).catch((error: unknown) => {
      this.#log.debug("an unused key stays in Vault", { path, keyId, error });
    });
  }

  async #install(certificate: string, keyId: string, options: ProviderCallOptions): Promise<void> {
    const { pki } = this.#ready().session.intermediate;
    const imported = await orFail("error setting signed intermediate", pki.setSigned(certificate, options));
    if (imported !== undefined) await adoptIssuer(pki, imported, keyId, this.#log, options);
  }

  #request(): GenerateRequest {
    const { config, clusterId, isPrimary, id } = this.#ready();
    return {
      commonName: caCommonName("vault", compactUid(), clusterId, isPrimary),
      uriSans: formatSpiffeId(id),
      keyType: config.privateKeyType,
      keyBits: config.privateKeyBits,
    };
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  #ready(): Configured {
    if (this.#configured === undefined) throw notInitialized();
    return this.#configured;
  }

  #primary(): Configured {
    const configured = this.#ready();
    if (!configured.isPrimary) throw notPrimary();
    return configured;
  }

  // A secondary may have been given a root path, and is asked to sign for others then.
  #withRoot(): Configured {
    const configured = this.#ready();
    if (configured.config.rootPkiPath === "") throw notPrimary();
    return configured;
  }
}

function isSameMount(one: VaultConfig, other: VaultConfig): boolean {
  const namespaceOf = (config: VaultConfig): string => config.intermediatePkiNamespace || config.namespace;
  return one.intermediatePkiPath === other.intermediatePkiPath && namespaceOf(one) === namespaceOf(other);
}
