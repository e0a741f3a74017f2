import { after, describe, test } from "node:test";
import { type CaProvider, VaultProvider } from "connect-ca";
import { type ContractBench, contractClusterId, providerContract } from "connect-ca/testing";
import { suiteVault } from "./suite-vault.ts";
import { vaultVersions } from "./vault-server.ts";

for (const version of vaultVersions) {
  describe(`the provider contract, kept by the Vault provider on ${version}`, () => {
    const vault = suiteVault(version);
    let made = 0;
    const providers: CaProvider[] = [];
    const bench: ContractBench = {
      async provider(isPrimary, changes) {
        const provider = new VaultProvider();
        providers.push(provider);
        const place = ++made;
        const paths = { RootPKIPath: `root-${place}`, IntermediatePKIPath: `int-${place}` };
        const config = { Address: vault.server.address, Token: vault.server.token, ...paths, ...changes };
        const clusterId = contractClusterId;
        await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
        return provider;
      },
    };
    after(async () => {
      for (const provider of providers) await provider.stop();
    });

    for (const { title, run } of providerContract) test(title, () => run(bench));
  });
}
