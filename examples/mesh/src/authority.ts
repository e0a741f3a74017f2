import { fileURLToPath } from "node:url";
import { generateKey, parseCertificateRequest, parseCertificates, privateKeyToPem } from "@drawbar/x509";
import {
  type CaProvider,
  createCsr,
  formatSpiffeId,
  launchProvider,
  type ProviderProcess,
  type RawConfig,
  signingIdOf,
  trustDomainOf,
} from "connect-ca";
import type { Cleanup } from "./cleanup.ts";

/** Which certificate authority, where. */
export interface AuthorityOptions {
  readonly clusterId: string;
  readonly datacenter: string;
  /** Whether it holds the mesh's root, or gets an intermediate below one. */
  readonly isPrimary: boolean;
  readonly plugin: "vault" | "builtin";
  /** Command line of the plugin. */
  readonly args?: readonly string[];
  readonly config?: RawConfig;
}

/** A service's key and certificate, as it uses them in TLS. */
export interface Identity {
  readonly uri: string;
  readonly keyPem: string;
  /** The leaf, and behind it the intermediates that lead from it to a root. */
  readonly chainPem: string;
}

/** A datacenter's certificate authority: a provider in a process of its own. */
export class Authority {
  readonly plugin: string;
  readonly provider: CaProvider;
  readonly process: ProviderProcess["client"];
  readonly #options: AuthorityOptions;
  /** What services of this datacenter trust. */
  rootPem = "";
  /** What they send along with their leafs. */
  intermediatesPem = "";

  private constructor(options: AuthorityOptions, launched: ProviderProcess) {
    this.#options = options;
    this.plugin = `connect-ca-provider-${options.plugin}`;
    this.provider = launched.provider;
    this.process = launched.client;
  }

  /** Starts the plugin and configures its provider. AutoMTLS: nobody else can talk to a CA's process. */
  static async launch(options: AuthorityOptions, cleanup: Cleanup): Promise<Authority> {
    const { plugin, args = [], config = {}, ...identity } = options;
    const cmd = [process.execPath, pluginProgram(plugin), ...args] as const;
    const launched = await launchProvider({ cmd, autoMtls: true, pluginLogLevel: "warn" });
    await cleanup.keep(launched, () => launched[Symbol.asyncDispose]());
    await launched.provider.configure({ ...identity, config, state: {} });
    return new Authority(options, launched);
  }

  /** A primary makes its root, and if it does not sign leafs with that, a CA below it that does. */
  async makeRoot(): Promise<void> {
    const chain = parseCertificates(await this.provider.generateCaChain());
    this.rootPem = chain.at(-1)?.toPem() ?? "";
    if (await this.provider.primaryUsesIntermediate()) {
      this.intermediatesPem = await this.provider.generateLeafSigningCert();
    }
  }

  /** A secondary makes a key and asks the primary for a certificate; the key stays where it is. */
  async joinBelow(primary: Authority): Promise<void> {
    const { csrPem, opaque } = await this.provider.generateIntermediateCsr();
    const signedPem = await primary.provider.signIntermediate(parseCertificateRequest(csrPem));
    await this.provider.setIntermediate(signedPem, primary.rootPem, opaque);
    await this.resume(primary.rootPem);
  }

  /** Reads what a secondary that joined before, perhaps in another process, signs leafs with. */
  async resume(rootPem: string): Promise<void> {
    this.rootPem = rootPem;
    const [root, ...chain] = parseCertificates(rootPem + (await this.provider.activeLeafSigningCert()));
    // Vault gives the root with it. Whoever is to trust that has it; it is not sent along.
    const between = chain.filter((certificate) => root === undefined || !certificate.equals(root));
    this.intermediatesPem = between.map((certificate) => certificate.toPem()).join("");
  }

  /** A new key for a service, and a leaf that says who it is. */
  async identify(service: string): Promise<Identity> {
    const { uri, privateKey, csr } = await this.request(service);
    const leafPem = await this.provider.sign(csr);
    return { uri, keyPem: privateKeyToPem(privateKey), chainPem: leafPem + this.intermediatesPem };
  }

  /** What a service sends for its leaf: its name, signed with its key. */
  async request(service: string) {
    const { clusterId, datacenter } = this.#options;
    const host = trustDomainOf(signingIdOf(clusterId));
    const names = { partition: "default", namespace: "default", datacenter, service };
    const uri = formatSpiffeId({ kind: "service", host, ...names });
    const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
    return { uri, privateKey, csr: await createCsr(privateKey, { uri }) };
  }
}

// A package's programs are next to the module that its main export resolves to.
function pluginProgram(plugin: AuthorityOptions["plugin"]): string {
  const folder = new URL("./bin/", import.meta.resolve("connect-ca"));
  return fileURLToPath(new URL(`connect-ca-provider-${plugin}.js`, folder));
}
