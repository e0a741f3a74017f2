import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { type CaProvider, launchProvider, type ProviderProcess, type RawConfig } from "connect-ca";
import { type ContractBench, contractClusterId as clusterId, providerContract } from "connect-ca/testing";
import { peerPath } from "../support/peer-path.ts";
import { consulGaps } from "./consul-gaps.ts";
import { startVault, type VaultServer } from "./vault-server.ts";

const running: ProviderProcess[] = [];
after(async () => {
  await Promise.all(running.map((process) => process[Symbol.asyncDispose]()));
});

async function launch(name: "consul" | "vault", protocol: "netrpc" | "grpc"): Promise<ProviderProcess> {
  const program = await peerPath("consul-1.6.10", "consul-ca");
  const launched = await launchProvider({ cmd: [program, "serve", name, protocol] });
  running.push(launched);
  return launched;
}

async function configured(
  { provider }: ProviderProcess,
  isPrimary: boolean,
  config: RawConfig,
): Promise<CaProvider> {
  await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
  return provider;
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
    contract("consul", {
      provider: async (isPrimary, config = {}) =>
        configured(await launch("consul", protocol), isPrimary, config),
    });
  });
}

// The two sides of the change in Vault that Consul's tests had not seen.
for (const version of ["1.1.0", "1.2.4"] as const) {
  describe(`Consul's VaultProvider, our host, on Vault ${version}`, () => {
    let vault: VaultServer;
    let made = 0;
    // A plugin is as good as new once it is configured with mounts that are not there yet.
    const free: ProviderProcess[] = [];
    const taken: ProviderProcess[] = [];
    afterEach(() => {
      free.push(...taken.splice(0));
    });
    before(async () => {
      vault = await startVault(version);
    });
    after(() => vault[Symbol.asyncDispose]());
    contract("vault", {
      provider: async (isPrimary, changes = {}) => {
        made += 1;
        const paths = { RootPKIPath: `root-${made}`, IntermediatePKIPath: `int-${made}` };
        const config = { Address: vault.address, Token: vault.token, ...paths, ...changes };
        const process = free.pop() ?? (await launch("vault", "netrpc"));
        taken.push(process);
        return await configured(process, isPrimary, config);
      },
    });
  });
}
