import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RawConfig } from "connect-ca";
import { type VaultClient, VaultSys } from "connect-ca/vault";
import { anything, faultBench, leafRequest, methods } from "./fault-bench.ts";
import { assertShowsNone, failureOf } from "./shows-no-secret.ts";
import { startVault, type VaultServer, vaultVersions } from "./vault-server.ts";

// A Vault that refuses what it did before: each time a clear error, no secret in any output, and the same
// provider goes on when Vault does.

for (const version of vaultVersions) {
  describe(`the Vault provider while Vault ${version} misbehaves`, () => {
    let vault: VaultServer;
    let client: VaultClient;
    let sys: VaultSys;
    before(async () => {
      vault = await startVault(version);
      client = await vault.client();
      sys = new VaultSys(client);
      await client.request({ method: "POST", path: "sys/auth/approle", body: { type: "approle" } });
    });
    after(async () => {
      client[Symbol.dispose]();
      await vault[Symbol.asyncDispose]();
    });

    async function appRole(name: string): Promise<RawConfig> {
      await client.write(`sys/policy/${name}`, { policy: anything });
      await client.write(`auth/approle/role/${name}`, { policies: name, token_ttl: "1h" });
      const roleId = (await client.read(`auth/approle/role/${name}/role-id`))?.data?.["role_id"];
      const secretId = (await client.write(`auth/approle/role/${name}/secret-id`, {}))?.data?.["secret_id"];
      return { Type: "approle", Params: { role_id: roleId, secret_id: secretId } };
    }

    test("permission removed: each method says so; given back, the same provider goes on", async () => {
      await using own = await faultBench(vault, client);
      await client.write(`sys/policy/${own.name}`, { policy: 'path "x" { capabilities = ["read"] }' });
      for (const name of ["sign", "signIntermediate", "crossSignCa", "generateLeafSigningCert"] as const) {
        const error = await failureOf(methods[name](own.ca), own.secrets);
        assert.equal(error.code, "ca-permission-denied", name);
        assert.match(
          error.message,
          /: Vault answered 403 to .*permission denied.*its policies allow this path/,
        );
      }
      await client.write(`sys/policy/${own.name}`, { policy: anything });
      await own.assertWorks();
    });

    test("token revoked: it says so, and goes on with another that it is configured with", async () => {
      await using own = await faultBench(vault, client);
      await client.write("auth/token/revoke", { token: own.token });
      const error = await failureOf(own.ca.sign(leafRequest), own.secrets);
      assert.equal(error.code, "ca-permission-denied");
      assert.match(error.message, /check that the token is valid/);
      await own.configure({ Token: vault.token });
      await own.assertWorks();
    });

    test("token revoked: with a login it gets another by itself", async () => {
      await using own = await faultBench(vault, client);
      await own.configure({ Token: "", AuthMethod: await appRole(own.name) });
      const accessors = await client.list("auth/token/accessors");
      const isOurs = async (accessor: string): Promise<boolean> =>
        (await client.write("auth/token/lookup-accessor", { accessor }))?.data?.["path"] ===
        "auth/approle/login";
      const again = own.logged("logged in to Vault again");
      for (const accessor of accessors) {
        if (await isOurs(accessor)) await client.write("auth/token/revoke-accessor", { accessor });
      }
      assert.equal((await failureOf(own.ca.sign(leafRequest), own.secrets)).code, "ca-permission-denied");
      await again;
      await own.assertWorks();
    });

    test("mounts deleted: it says so; configured again, the same provider makes new ones", async () => {
      await using own = await faultBench(vault, client);
      await sys.unmount(`${own.name}-int`);
      await sys.unmount(`${own.name}-root`);
      for (const name of [
        "sign",
        "signIntermediate",
        "crossSignCa",
        "activeLeafSigningCert",
        "generateLeafSigningCert",
      ] as const) {
        const error = await failureOf(methods[name](own.ca), own.secrets);
        assert.equal(error.code, "ca-backend-not-mounted", name);
      }
      await own.configure();
      await own.ca.generateCaChain();
      await own.ca.generateLeafSigningCert();
      await own.assertWorks();
    });

    if (version === "1.21.2") {
      test("rate limited by Vault's own quota: it says so; without the quota the same provider goes on", async () => {
        await using own = await faultBench(vault, client);
        await client.write("sys/quotas/rate-limit/strict", { path: `${own.name}-int`, rate: 0.01 });
        const results = await Promise.allSettled([own.ca.sign(leafRequest), own.ca.sign(leafRequest)]);
        const refused = results.filter((result) => result.status === "rejected");
        assert.ok(refused.length > 0);
        for (const { reason } of refused) {
          assert.equal(reason.code, "ca-rate-limited");
          assert.match(
            reason.message,
            /^operation rate limited by CA provider: Vault answered 429 .*rate limit quota/,
          );
          assertShowsNone(reason, own.secrets);
        }
        await client.delete("sys/quotas/rate-limit/strict");
        await own.assertWorks();
      });
    }

    // Last: it closes the Vault that the others use.
    test("sealed: each method says so; unsealed, the same provider goes on", async () => {
      await using own = await faultBench(vault, client);
      await sys.seal();
      for (const [name, method] of Object.entries(methods)) {
        const error = await failureOf(method(own.ca), own.secrets);
        assert.equal(error.code, "ca-unavailable", name);
        assert.match(error.message, /Vault answered 503 to .*sealed.*\(unseal it/, name);
      }
      const error = await failureOf(own.configure(), own.secrets);
      assert.equal(error.code, "ca-unavailable");
      await sys.unseal(vault.unsealKey);
      await own.assertWorks();
    });
  });
}
