import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { RawConfig } from "connect-ca";
import { appRole } from "./app-role.ts";
import { anything, faultBench, leafRequest, methods } from "./fault-bench.ts";
import { assertShowsNone, failureOf } from "./shows-no-secret.ts";
import { suiteVault } from "./suite-vault.ts";
import { vaultVersions } from "./vault-server.ts";

// A Vault that refuses what it did before: each time a clear error, no secret in any output, and the same
// provider goes on when Vault does.

for (const version of vaultVersions) {
  describe(`the Vault provider while Vault ${version} misbehaves`, () => {
    const vault = suiteVault(version);
    before(async () => {
      await vault.client.request({ method: "POST", path: "sys/auth/approle", body: { type: "approle" } });
    });

    async function loginOf(name: string): Promise<RawConfig> {
      await vault.client.write(`sys/policy/${name}`, { policy: anything });
      const settings = { policies: name, token_ttl: "1h" };
      return { Type: "approle", Params: await appRole(vault.client, name, settings) };
    }

    test("permission removed: each method says so; given back, the same provider goes on", async () => {
      await using own = await faultBench(vault);
      await vault.client.write(`sys/policy/${own.name}`, { policy: 'path "x" { capabilities = ["read"] }' });
      for (const name of ["sign", "signIntermediate", "crossSignCa", "generateLeafSigningCert"] as const) {
        const error = await failureOf(methods[name](own.ca), own.secrets);
        assert.equal(error.code, "ca-permission-denied", name);
        assert.match(
          error.message,
          /: Vault answered 403 to .*permission denied.*its policies allow this path/,
        );
      }
      await vault.client.write(`sys/policy/${own.name}`, { policy: anything });
      await own.assertWorks();
    });

    test("token revoked: it says so, and goes on with another that it is configured with", async () => {
      await using own = await faultBench(vault);
      await vault.client.write("auth/token/revoke", { token: own.token });
      const error = await failureOf(own.ca.sign(leafRequest), own.secrets);
      assert.equal(error.code, "ca-permission-denied");
      assert.match(error.message, /check that the token is valid/);
      await own.configure({ Token: vault.server.token });
      await own.assertWorks();
    });

    test("token revoked: with a login it gets another by itself", async () => {
      await using own = await faultBench(vault);
      await own.configure({ Token: "", AuthMethod: await loginOf(own.name) });
      const accessors = await vault.client.list("auth/token/accessors");
      const isOurs = async (accessor: string): Promise<boolean> =>
        (await vault.client.write("auth/token/lookup-accessor", { accessor }))?.data?.["path"] ===
        "auth/approle/login";
      const again = own.logged("logged in to Vault again");
      for (const accessor of accessors) {
        if (await isOurs(accessor)) await vault.client.write("auth/token/revoke-accessor", { accessor });
      }
      assert.equal((await failureOf(own.ca.sign(leafRequest), own.secrets)).code, "ca-permission-denied");
      await again;
      await own.assertWorks();
    });

    test("mounts deleted: it says so; configured again, the same provider makes new ones", async () => {
      await using own = await faultBench(vault);
      await vault.sys.unmount(`${own.name}-int`);
      await vault.sys.unmount(`${own.name}-root`);
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
        await using own = await faultBench(vault);
        await vault.client.write("sys/quotas/rate-limit/strict", { path: `${own.name}-int`, rate: 0.01 });
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
        await vault.client.delete("sys/quotas/rate-limit/strict");
        await own.assertWorks();
      });
    }

    // Last: it closes the Vault that the others use.
    test("sealed: each method says so; unsealed, the same provider goes on", async () => {
      await using own = await faultBench(vault);
      await vault.sys.seal();
      for (const [name, method] of Object.entries(methods)) {
        const error = await failureOf(method(own.ca), own.secrets);
        assert.equal(error.code, "ca-unavailable", name);
        assert.match(error.message, /Vault answered 503 to .*sealed.*\(unseal it/, name);
      }
      const error = await failureOf(own.configure(), own.secrets);
      assert.equal(error.code, "ca-unavailable");
      await vault.sys.unseal(vault.server.unsealKey);
      await own.assertWorks();
    });
  });
}
