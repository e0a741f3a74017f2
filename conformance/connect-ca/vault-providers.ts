import { type RawConfig, VaultProvider, type VaultProviderOptions } from "connect-ca";
import { contractClusterId as clusterId } from "connect-ca/testing";
import type { VaultServer } from "./vault-server.ts";

/** Makes Vault providers on one server, and stops them all when it is disposed. */
export class VaultProviders implements AsyncDisposable {
  readonly #vault: VaultServer;
  readonly #made: VaultProvider[] = [];

  constructor(vault: VaultServer) {
    this.#vault = vault;
  }

  /** With the root token, and mounts called NAME-root and NAME-int. */
  configOf(name: string, changes: RawConfig = {}): RawConfig {
    const paths = { RootPKIPath: `${name}-root/`, IntermediatePKIPath: `${name}-int/` };
    return { Address: this.#vault.address, Token: this.#vault.token, ...paths, ...changes };
  }

  async provider(
    isPrimary: boolean,
    config: RawConfig,
    options: VaultProviderOptions = {},
  ): Promise<VaultProvider> {
    const made = new VaultProvider(options);
    this.#made.push(made);
    await made.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
    return made;
  }

  /** One that has made its root, and no CA for leafs yet. */
  async root(name: string, changes?: RawConfig): Promise<{ ca: VaultProvider; root: string }> {
    const ca = await this.provider(true, this.configOf(name, changes));
    return { ca, root: await ca.generateCaChain() };
  }

  /** One that is ready to sign, and its chain. */
  async primary(name: string, changes?: RawConfig): Promise<{ ca: VaultProvider; root: string }> {
    const made = await this.root(name, changes);
    await made.ca.generateLeafSigningCert();
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#made.map((provider) => provider.stop()));
  }
}
