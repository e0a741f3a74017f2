import { after, before, describe, test } from "node:test";
import { type CaProvider, VaultProvider } from "connect-ca";
import { type ContractBench, contractClusterId, providerContract } from "connect-ca/testing";
import { startVault, type VaultServer, vaultVersions } from "./vault-server.ts";

for (const version of vaultVersions) {
  describe(`the provider contract, kept by the Vault provider on ${version}`, () => {
    let vault: VaultServer;
    let made = 0;
    const providers: CaProvider[] = [];
    const bench: ContractBench = {
      async provider(isPrimary, changes) {
        const provider = new VaultProvider();
        providers.push(provider);
        const place = ++made;
        const paths = { RootPKIPath: `root-${place}`, IntermediatePKIPath: `int-${place}` };
        const config = { Address: vault.address, Token: vault.token, ...paths, ...changes };
        const clusterId = contractClusterId;
        await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
        return provider;
      },
    };
    before(async () => {
      vault = await startVault(version);
    });
    after(async () => {
      for (const provider of providers) await provider.stop();
      await vault[Symbol.asyncDispose]();
    });

    for (const { title, run } of providerContract) test(title, () => run(bench));
  });
}
