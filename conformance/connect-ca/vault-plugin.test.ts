import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generateKey } from "@drawbar/x509";
import { type CaProvider, createCsr, launchProvider, type ProviderProcess, type RawConfig } from "connect-ca";
import { contractClusterId as clusterId, providerContract } from "connect-ca/testing";
import { providerProgram } from "./provider-program.ts";
import { startVault, type VaultServer } from "./vault-server.ts";

// The Vault provider in a process of its own, in every version and protocol that there is.

const ways = {
  "version 2 over gRPC": { versions: [2], args: [] },
  "version 1 over gRPC": { versions: [1], args: ["--historic-protocol", "grpc"] },
  "version 1 over net/rpc": { versions: [1], args: [] },
} as const;

let vault: VaultServer;
let mounts = 0;
before(async () => {
  vault = await startVault("1.21.2");
});
after(() => vault[Symbol.asyncDispose]());

function configOf(changes: RawConfig = {}): RawConfig {
  mounts += 1;
  const paths = { RootPKIPath: `root-${mounts}`, IntermediatePKIPath: `int-${mounts}` };
  return { Address: vault.address, Token: vault.token, ...paths, ...changes };
}

for (const [name, { versions, args }] of Object.entries(ways)) {
  describe(`the Vault provider as a plugin, ${name}`, () => {
    const free: ProviderProcess[] = [];
    const taken: ProviderProcess[] = [];
    after(async () => {
      await Promise.all([...free, ...taken].map((process) => process[Symbol.asyncDispose]()));
    });

    // A plugin is as good as new once it is configured with mounts that are not there yet.
    async function provider(isPrimary: boolean, changes?: RawConfig): Promise<CaProvider> {
      const launched =
        free.pop() ?? (await launchProvider({ cmd: providerProgram("vault", ...args), versions }));
      taken.push(launched);
      const config = configOf(changes);
      await launched.provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
      return launched.provider;
    }

    for (const { title, run } of providerContract) {
      test(`contract: ${title}`, async () => {
        await run({ provider });
        free.push(...taken.splice(0));
      });
    }

    test("what Vault refuses and what it is not there for crosses with its code, and without the token", async () => {
      const token = "not-a-token-of-this-vault";
      await assert.rejects(provider(true, { Token: token }), (error: Error & { code?: string }) => {
        assert.equal(error.code, "ca-permission-denied");
        assert.ok(!error.message.includes(token));
        return true;
      });
      const refused = { code: "ca-unavailable" };
      await assert.rejects(provider(true, { Address: "http://127.0.0.1:1" }), refused);
      await assert.rejects(provider(true, { Token: "" }), {
        code: "ca-config-invalid",
        message: /^must provide a Vault token or configure a Vault auth method/,
      });
    });

    test("a plugin that is killed while it signs is an error that says so", async () => {
      const launched = await launchProvider({ cmd: providerProgram("vault", ...args), versions });
      taken.push(launched);
      const config = configOf();
      const primary = launched.provider;
      await primary.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
      await primary.generateCaChain();
      await primary.generateLeafSigningCert();
      const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
      const csr = await createCsr(privateKey, {
        uri: `spiffe://${clusterId}.consul/ns/default/dc/dc1/svc/web`,
      });
      const signing = Promise.allSettled(Array.from({ length: 20 }, () => primary.sign(csr)));
      process.kill(launched.client.pid, "SIGKILL");
      const lost = (await signing).filter((result) => result.status === "rejected");
      assert.ok(lost.length > 0);
      for (const { reason } of lost) {
        assert.equal(reason.code, "ca-unavailable");
        assert.match(reason.message, /^the CA provider's plugin was lost during sign: .*SIGKILL/i);
      }
    });
  });
}
