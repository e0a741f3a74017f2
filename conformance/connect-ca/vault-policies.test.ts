import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCertificate } from "@drawbar/x509";
import { type LogFields, type RawConfig, silentLog } from "connect-ca";
import { contractClusterId as clusterId } from "connect-ca/testing";
import { VaultPki } from "connect-ca/vault";
import { appRole } from "./app-role.ts";
import { ImpatientClock } from "./impatient-clock.ts";
import { suiteVault } from "./suite-vault.ts";
import { vaultVersions } from "./vault-server.ts";

// What a provider may do with what it was given: policies, logins, tokens that run out, settings of mounts.

const signingUri = `spiffe://${clusterId}.consul`;
const all = "create read update delete list";
const day = 24 * 3_600_000;

for (const version of vaultVersions) {
  const isMultiIssuer = version === "1.21.2";

  describe(`rights and lifetimes on Vault ${version}`, () => {
    const vault = suiteVault(version);

    async function writePolicy(name: string, rules: Record<string, string>): Promise<void> {
      const policy = Object.entries(rules).map(
        ([path, capabilities]) =>
          `path "${path}" { capabilities = ${JSON.stringify(capabilities.split(" "))} }`,
      );
      await vault.client.write(`sys/policy/${name}`, { policy: policy.join("\n") });
    }

    async function tokenWith(name: string, rules: Record<string, string>): Promise<string> {
      await writePolicy(name, rules);
      const created = await vault.client.write("auth/token/create", { policies: [name], ttl: "1h" });
      return created?.auth?.clientToken ?? assert.fail("no token");
    }

    test("TestVaultCAProvider_ConsulManaged: the documented policy suffices where the provider mounts by itself", async () => {
      const token = await tokenWith("consul-managed", {
        "sys/mounts/managed-root": all,
        "sys/mounts/managed-int": all,
        "sys/mounts/managed-int/tune": "update",
        "managed-root/*": all,
        "managed-int/*": all,
        "auth/token/renew-self": "update",
        "auth/token/lookup-self": "read",
      });
      const { ca } = await vault.made.primary("managed", { Token: token });
      assert.notEqual(await ca.generateLeafSigningCert(), "");
    });

    test("TestVaultCAProvider_VaultManaged: the documented policy suffices where an operator has mounted everything", async () => {
      for (const path of ["theirs-root", "theirs-int"]) {
        await vault.sys.mount(path, {
          type: "pki",
          description: "an operator's",
          config: { maxLeaseTtl: "87600h" },
        });
      }
      await new VaultPki(vault.client, "theirs-root").generateRoot({
        commonName: "an operator's root",
        uriSans: signingUri,
        keyType: "ec",
        keyBits: 256,
      });
      const token = await tokenWith("vault-managed", {
        "sys/mounts/theirs-root": "read",
        "sys/mounts/theirs-int": "read",
        "sys/mounts/theirs-int/tune": "update",
        "theirs-root/": "read",
        "theirs-root/root/sign-intermediate": "update",
        "theirs-int/*": "create read update delete list",
        "auth/token/renew-self": "update",
        "auth/token/lookup-self": "read",
      });
      const { ca } = await vault.made.primary("theirs", { Token: token });
      assert.notEqual(await ca.generateLeafSigningCert(), "");
    });

    test("TestVaultProvider_ConfigureWithAuthMethod: AppRole and userpass log in, and the provider works with what it gets", async () => {
      await writePolicy("consul", { "*": `${all} sudo` });
      for (const type of ["approle", "userpass"]) {
        await vault.client.request({ method: "POST", path: `sys/auth/${type}`, body: { type } });
      }
      const params = await appRole(vault.client, "consul", { policies: "consul" });
      await vault.client.write("auth/userpass/users/jo", { password: "correct horse", policies: "consul" });
      for (const method of [
        { Type: "approle", Params: params },
        { Type: "userpass", Params: { username: "jo", password: "correct horse" } },
      ]) {
        const { ca } = await vault.made.primary(`login-${method.Type}`, { Token: "", AuthMethod: method });
        const { notAfter } = parseCertificate(await ca.activeLeafSigningCert());
        assert.ok(notAfter.getTime() > Date.now() + 300 * day);
      }
    });

    test("TestVaultProvider_ReconfigureIntermediateTTL: a new lifetime is tuned into the mount; without the right to, it is no failure", async () => {
      const rules = {
        "sys/mounts/ttl-root": all,
        "sys/mounts/ttl-int": all,
        "ttl-root/*": all,
        "ttl-int/*": all,
      };
      const Token = await tokenWith("tune", rules);
      const { ca } = await vault.made.primary("ttl", {
        Token,
        IntermediateCertTTL: "222h",
        LeafCertTTL: "10h",
      });
      const reconfigured = async (): Promise<unknown> => {
        const config = vault.made.configOf("ttl", { Token, IntermediateCertTTL: "333h", LeafCertTTL: "10h" });
        await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
        return (await vault.client.read("sys/mounts/ttl-int/tune"))?.raw["max_lease_ttl"];
      };
      assert.equal(await reconfigured(), 222 * 3600);
      await writePolicy("tune", { ...rules, "sys/mounts/ttl-int/tune": "update" });
      assert.equal(await reconfigured(), 333 * 3600);
    });

    test("TestVaultCAProvider_AutoTidyExpiredIssuers: asked for where Vault knows of it; why not is told", async () => {
      const rules = {
        "sys/mounts/*": all,
        "tidy-root/*": all,
        "tidy-int/*": all,
        "tidy-int/config/auto-tidy": "deny",
      };
      const denied = await tokenWith("no-tidy", rules);
      const reasonFor = async (changes: RawConfig): Promise<unknown> => {
        let reason: unknown;
        const info = (_: string, fields: LogFields = {}): void => {
          reason = fields["reason"];
        };
        await vault.made.provider(true, vault.made.configOf("tidy", changes), {
          log: { ...silentLog, info },
        });
        return reason;
      };
      assert.equal(await reasonFor({ Token: denied }), "permission denied on auto-tidy path in vault");
      const reason = await reasonFor({});
      if (!isMultiIssuer) return assert.equal(reason, "vault versions < 1.12 don't support auto-tidy");
      assert.equal(reason, undefined);
      const settings = (await vault.client.read("tidy-int/config/auto-tidy"))?.data;
      assert.deepEqual([settings?.["enabled"], settings?.["tidy_expired_issuers"]], [true, true]);
    });

    test("TestVaultCAProvider_RenewToken: a token is renewed at once, and again before it runs out", async () => {
      const token =
        (await vault.client.write("auth/token/create", { ttl: "1h" }))?.auth?.clientToken ?? assert.fail();
      const lastRenewal = async (): Promise<unknown> =>
        (await vault.client.write("auth/token/lookup", { token }))?.data?.["last_renewal_time"];
      assert.equal(await lastRenewal(), undefined);
      const clock = new ImpatientClock();
      const renewals = new Countdown(2);
      const debug = (message: string): void => {
        if (message === "renewed the Vault token") renewals.count();
      };
      await vault.made.provider(true, vault.made.configOf("renewed", { Token: token }), {
        clock,
        log: { ...silentLog, debug },
      });
      await renewals.reached(1);
      assert.equal(typeof (await lastRenewal()), "number");
      clock.expire();
      await renewals.reached(2);
    });
  });
}

/** Lets a test wait until something has happened so many times. */
class Countdown {
  readonly #waiting: { readonly promise: Promise<void>; readonly resolve: () => void }[];
  #count = 0;

  constructor(most: number) {
    this.#waiting = Array.from({ length: most }, () => {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      return { promise, resolve };
    });
  }

  count(): void {
    this.#waiting[this.#count++]?.resolve();
  }

  async reached(count: number): Promise<void> {
    await this.#waiting[count - 1]?.promise;
  }
}
