import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { type CaProvider, launchProvider, type ProviderProcess, type RawConfig } from "connect-ca";
import { type ContractBench, contractClusterId as clusterId, providerContract } from "connect-ca/testing";
import { peerPath } from "../support/peer-path.ts";
import { consulGaps } from "./consul-gaps.ts";
import { startVault, type VaultServer } from "./vault-server.ts";

/** Plugins of Consul's of one kind, used one test after the other; they end with the suite. */
class ConsulPlugins {
  readonly #args: readonly string[];
  readonly #free: ProviderProcess[] = [];
  readonly #taken: ProviderProcess[] = [];

  constructor(...args: readonly string[]) {
    this.#args = args;
    after(async () => {
      const all = [...this.#free, ...this.#taken];
      await Promise.all(all.map((process) => process[Symbol.asyncDispose]()));
    });
  }

  async configured(isPrimary: boolean, config: RawConfig): Promise<CaProvider> {
    const process = this.#free.pop() ?? (await this.#launch());
    this.#taken.push(process);
    await process.provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
    return process.provider;
  }

  /** @param forget makes a provider as good as new */
  async giveBack(forget: (provider: CaProvider) => Promise<void>): Promise<void> {
    const used = this.#taken.splice(0);
    await Promise.all(used.map(({ provider }) => forget(provider)));
    this.#free.push(...used);
  }

  async #launch(): Promise<ProviderProcess> {
    const program = await peerPath("consul-1.6.10", "consul-ca");
    return await launchProvider({ cmd: [program, "serve", ...this.#args] });
  }
}

/** The whole contract, and that what is known to fail still does. */
function contract(name: "consul" | "vault", bench: ContractBench): void {
  const gaps = new Map(Object.entries(consulGaps[name]));
  for (const { title, run } of providerContract) {
    const gap = gaps.get(title);
    gaps.delete(title);
    if (gap === undefined) test(`contract: ${title}`, () => run(bench));
    else test(`not kept: ${title}: ${gap}`, () => assert.rejects(run(bench), { code: "ERR_ASSERTION" }));
  }
  test("what is said not to be kept is in the contract", () => assert.deepEqual([...gaps.keys()], []));
}

for (const protocol of ["netrpc", "grpc"] as const) {
  describe(`Consul's ConsulProvider, our host, over ${protocol}`, () => {
    const plugins = new ConsulPlugins("consul", protocol);
    afterEach(() => plugins.giveBack((provider) => provider.cleanup(true, {})));
    contract("consul", {
      provider: (isPrimary, config = {}) => plugins.configured(isPrimary, config),
    });
  });
}

// The two sides of the change in Vault that Consul's tests had not seen.
for (const version of ["1.1.0", "1.2.4"] as const) {
  describe(`Consul's VaultProvider, our host, on Vault ${version}`, () => {
    let vault: VaultServer;
    let made = 0;
    before(async () => {
      vault = await startVault(version);
    });
    after(() => vault[Symbol.asyncDispose]());
    const plugins = new ConsulPlugins("vault", "netrpc");
    // Mounts that are not there yet are all that it takes.
    afterEach(() => plugins.giveBack(async () => {}));
    contract("vault", {
      provider: (isPrimary, changes = {}) => {
        made += 1;
        const paths = { RootPKIPath: `root-${made}`, IntermediatePKIPath: `int-${made}` };
        const config = { Address: vault.address, Token: vault.token, ...paths, ...changes };
        return plugins.configured(isPrimary, config);
      },
    });
  });
}
