import {
  type Certificate,
  type CertificateRequest,
  createCertificate,
  parsePrivateKey,
  privateKeyToPem,
} from "@drawbar/x509";
import { type BuiltinConfig, parseBuiltinConfig } from "../../config/builtin-config.ts";
import type { RawConfig } from "../../config/config-reader.ts";
import type { GoDuration } from "../../config/go-duration.ts";
import { caCommonName } from "../../names/ca-common-name.ts";
import { compactUid } from "../../names/compact-uid.ts";
import type {
  CaProvider,
  IntermediateRequest,
  ProviderCallOptions,
  ProviderConfig,
} from "../../provider/ca-provider.ts";
import { checkAborted } from "../../provider/check-aborted.ts";
import {
  isPrimaryWithoutCsr,
  isPrimaryWithoutIntermediate,
  notInitialized,
  notPrimary,
  ProviderError,
} from "../../provider/provider-error.ts";
import { type ProviderLog, silentLog } from "../../provider/provider-log.ts";
import { withTrailingNewline } from "../../provider/trailing-newline.ts";
import { createCaCsr } from "../../requests/create-csr.ts";
import { formatSpiffeId, type SigningId, signingIdOf } from "../../spiffe/spiffe-id.ts";
import type { StateStore } from "../../store/state-store.ts";
import { validateSetIntermediate } from "../../validation/validate-set-intermediate.ts";
import { validateSignIntermediate } from "../../validation/validate-sign-intermediate.ts";
import { checkSuppliedRoot, generateCaKey } from "./ca-key.ts";
import { issue, type Signer, signerOf } from "./signer.ts";
import { olderRowIds, parseRow, rowId, type StateRow, StateRows } from "./state-row.ts";
import {
  crossSignedTemplate,
  crossSignedTtl,
  intermediateTemplate,
  leafTemplate,
  rootTemplate,
  type Stamp,
} from "./templates.ts";

/** What a built-in provider needs. */
export interface BuiltinProviderOptions {
  /** Keys, certificates and the last serial number; private keys are as safe as it is. Not closed here. */
  readonly store: StateStore;
  readonly log?: ProviderLog;
  /** The time; for tests. */
  readonly now?: () => Date;
}

/** What `configure` made. */
interface Configured {
  readonly config: BuiltinConfig;
  readonly clusterId: string;
  readonly isPrimary: boolean;
  readonly id: SigningId;
  readonly rowId: string;
  readonly rows: StateRows;
}

/** A CA whose keys are in a store of the mesh itself: Consul's own provider. */
export class BuiltinProvider implements CaProvider {
  readonly #store: StateStore;
  readonly #log: ProviderLog;
  readonly #now: () => Date;
  #configured: Configured | undefined;
  /** The signer of the row that was read last: rows hardly ever change. */
  #signer: { readonly text: string; readonly isPrimary: boolean; readonly signer: Signer } | undefined;

  constructor(options: BuiltinProviderOptions) {
    this.#store = options.store;
    this.#log = options.log ?? silentLog;
    this.#now = options.now ?? (() => new Date());
  }

  /** While it fails, what was configured before stays in force. */
  async configure(options: ProviderConfig, { signal }: ProviderCallOptions = {}): Promise<void> {
    checkAborted(signal);
    const { clusterId, isPrimary } = options;
    const config = parseBuiltinConfig(options.config);
    checkSuppliedRoot(config);
    const id = rowId(config, isPrimary);
    const rows = new StateRows(this.#store, id);
    await rows.ensure(olderRowIds(config, isPrimary));
    this.#configured = { config, clusterId, isPrimary, id: signingIdOf(clusterId), rowId: id, rows };
    this.#log.debug("consul CA provider configured", { id, is_primary: isPrimary });
  }

  async state(): Promise<null> {
    return null;
  }

  async generateCaChain({ signal }: ProviderCallOptions = {}): Promise<string> {
    checkAborted(signal);
    const configured = this.#primary();
    const row = await configured.rows.change(async (found) =>
      found.rootCert === "" ? await this.#withRoot(found, configured) : found,
    );
    return withTrailingNewline(row.rootCert);
  }

  async activeLeafSigningCert(): Promise<string> {
    const { rows, isPrimary } = this.#ready();
    const row = await rows.read();
    return withTrailingNewline(isPrimary ? row.rootCert : row.intermediateCert);
  }

  /** The root: ours, or in a secondary the one that our intermediate was set with; "" before. */
  async activeRoot(): Promise<string> {
    return withTrailingNewline((await this.#ready().rows.read()).rootCert);
  }

  async primaryUsesIntermediate(): Promise<boolean> {
    return false;
  }

  async generateLeafSigningCert(): Promise<string> {
    const message = "the built-in provider signs leafs with the root and has no intermediate in the primary";
    throw new ProviderError("ca-unsupported", message);
  }

  /**
   * Leafs are signed with the intermediate there is until the new one is set. (Upstream forgets its key
   * here, and signs with a key then that is not the certificate's.) Of several requests the last counts.
   */
  async generateIntermediateCsr({ signal }: ProviderCallOptions = {}): Promise<IntermediateRequest> {
    checkAborted(signal);
    const { rows, config, id, isPrimary } = this.#ready();
    if (isPrimary) throw isPrimaryWithoutCsr();
    const key = await generateCaKey(config);
    const csr = await createCaCsr(key, { uri: formatSpiffeId(id) });
    await rows.change((row) => ({ ...row, pendingKey: privateKeyToPem(key) }));
    return { csrPem: csr.toPem(), opaque: "" };
  }

  async setIntermediate(
    intermediatePem: string,
    rootPem: string,
    _opaque: string,
    { signal }: ProviderCallOptions = {},
  ): Promise<void> {
    checkAborted(signal);
    const { rows, id, isPrimary } = this.#ready();
    if (isPrimary) throw isPrimaryWithoutIntermediate();
    await rows.change((row) => {
      const privateKey = row.pendingKey || row.privateKey;
      if (privateKey === "") throw notInitialized();
      const key = parsePrivateKey(privateKey);
      validateSetIntermediate({ intermediatePem, rootPem, id, at: this.#now(), key });
      return { privateKey, rootCert: rootPem, intermediateCert: intermediatePem, pendingKey: "" };
    });
  }

  async sign(csr: CertificateRequest, { signal }: ProviderCallOptions = {}): Promise<string> {
    checkAborted(signal);
    const configured = this.#ready();
    const signer = await this.#signerOf(configured);
    const issued = await this.#stamp(configured.config.leafCertTtl);
    return (await issue(leafTemplate(signer, csr, issued))).toPem();
  }

  async signIntermediate(csr: CertificateRequest, { signal }: ProviderCallOptions = {}): Promise<string> {
    checkAborted(signal);
    const configured = this.#primary();
    const signer = await this.#signerOf(configured);
    await validateSignIntermediate(csr, configured.id);
    const issued = await this.#stamp(configured.config.intermediateCertTtl);
    return (await issue(intermediateTemplate(signer, csr, issued))).toPem();
  }

  async crossSignCa(certificate: Certificate, { signal }: ProviderCallOptions = {}): Promise<string> {
    checkAborted(signal);
    const configured = this.#primary();
    if (configured.config.disableCrossSigning) {
      throw new ProviderError("ca-unsupported", "cross-signing disabled");
    }
    const signer = await this.#signerOf(configured);
    return (await issue(crossSignedTemplate(signer, certificate, await this.#stamp(crossSignedTtl)))).toPem();
  }

  async supportsCrossSigning(): Promise<boolean> {
    return !this.#ready().config.disableCrossSigning;
  }

  /** Any valid configuration may follow any other. */
  async validateConfigUpdate(_previous: RawConfig, next: RawConfig): Promise<void> {
    checkSuppliedRoot(parseBuiltinConfig(next));
  }

  /** Keeps the row if `otherConfig` is for the same CA: the other provider lives on it. */
  async cleanup(typeChanged: boolean, otherConfig: RawConfig): Promise<void> {
    const { rows, isPrimary, rowId: own } = this.#ready();
    if (!typeChanged && rowId(parseBuiltinConfig(otherConfig), isPrimary) === own) return;
    await rows.remove();
  }

  async stop(): Promise<void> {}

  async #withRoot(row: StateRow, configured: Configured): Promise<StateRow> {
    const { config, clusterId, id } = configured;
    const key = config.privateKey === "" ? await generateCaKey(config) : parsePrivateKey(config.privateKey);
    const privateKey = config.privateKey === "" ? privateKeyToPem(key) : config.privateKey;
    if (config.rootCert !== "") return { ...row, privateKey, rootCert: config.rootCert };
    const template = rootTemplate(key, {
      commonName: caCommonName("consul", compactUid(), clusterId, true),
      uri: formatSpiffeId(id),
      ...(await this.#stamp(config.rootCertTtl)),
    });
    return { ...row, privateKey, rootCert: (await createCertificate(template)).toPem() };
  }

  async #signerOf({ rows, isPrimary }: Configured): Promise<Signer> {
    const text = await rows.readText();
    if (this.#signer?.text !== text || this.#signer.isPrimary !== isPrimary) {
      this.#signer = { text, isPrimary, signer: signerOf(parseRow(text), isPrimary) };
    }
    const { signer } = this.#signer;
    if (signer.notAfterMs >= this.#now().getTime()) return signer;
    throw new ProviderError(
      "ca-root-expired",
      `${isPrimary ? "root" : "intermediate"} certificate is expired`,
    );
  }

  /** What every certificate gets anew. The first serial number is 2, as it is upstream. */
  async #stamp(ttl: GoDuration): Promise<Stamp> {
    const number = await this.#store.next("builtin-provider/serial");
    return { serialNumber: number + 1n, now: this.#now(), ttl };
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
}
