import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  createCertificateRequest,
  generateKey,
  parseCertificate,
  parseCertificateRequest,
} from "@drawbar/x509";
import { isVaultError, login, lookUpToken, renewToken, VaultPki, VaultSys } from "connect-ca/vault";
import { appRole } from "./app-role.ts";
import { consulRequest } from "./consul-request.ts";
import { suiteVault } from "./suite-vault.ts";
import { vaultVersions } from "./vault-server.ts";

const signingUri = "spiffe://11111111-2222-3333-4444-555555555555.consul";
const root = {
  commonName: "pri-1.vault.ca.11111111.consul",
  uriSans: signingUri,
  keyType: "ec",
  keyBits: 256,
};

async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: string; status?: number; message: string }> {
  return await call.then(
    () => assert.fail("the call should have failed"),
    (error) => {
      assert.ok(isVaultError(error), inspect(error));
      return { code: error.code, message: error.message, ...(error.status ? { status: error.status } : {}) };
    },
  );
}

for (const version of vaultVersions) {
  const isMultiIssuer = version === "1.21.2";

  describe(`Vault ${version}`, () => {
    const vault = suiteVault(version);

    async function mounted(path: string): Promise<VaultPki> {
      const config = { maxLeaseTtl: "87600h" };
      await vault.sys.mount(path, { type: "pki", description: "a test's", config });
      return new VaultPki(vault.client, `${path}/`);
    }

    async function withRoot(path: string): Promise<VaultPki> {
      const pki = await mounted(path);
      await pki.generateRoot(root);
      return pki;
    }

    test("tells its version and that it is open", async () => {
      const health = await vault.sys.health();
      assert.equal(health.initialized, true);
      assert.equal(health.sealed, false);
      if (version === "1.2.4") assert.equal(health.version, version);
    });

    test("mounts are made, tuned, listed and removed", async () => {
      await mounted("some/pki");
      await vault.sys.tune("some/pki/", { maxLeaseTtl: "100h" });
      assert.equal((await vault.sys.mounts()).get("some/pki/"), "pki");
      assert.equal((await vault.client.read("sys/mounts/some/pki/tune"))?.raw["max_lease_ttl"], 360_000);
      await vault.sys.unmount("some/pki/");
      assert.equal((await vault.sys.mounts()).has("some/pki/"), false);
    });

    test("an unmounted CA is not found, one without a certificate is empty, one with it is PEM", async () => {
      const absent = await failureOf(new VaultPki(vault.client, "nowhere/").caPem());
      assert.equal(absent.code, "vault-not-found");
      const pki = await mounted("empty-pki");
      assert.equal(await pki.caPem(), "");
      assert.equal(await pki.caChain(), "");
      await pki.generateRoot(root);
      const certificate = parseCertificate(await pki.caPem());
      assert.deepEqual(certificate.subjectAltNames.uris, [signingUri]);
      assert.equal(certificate.isCa, true);
    });

    for (const { useCsrValues, uriSans, survives } of [
      { useCsrValues: true, uriSans: undefined, survives: true },
      { useCsrValues: true, uriSans: signingUri, survives: true },
      { useCsrValues: false, uriSans: signingUri, survives: true },
      // What Consul sent before its fix: only the fault of Vaults up to 1.1.0 carried the URI over.
      { useCsrValues: false, uriSans: undefined, survives: version === "1.1.0" },
    ]) {
      const how = `use_csr_values=${useCsrValues} ${uriSans ? "with" : "without"} uri_sans`;
      test(`sign-intermediate of Consul's request, ${how}: the URI ${survives ? "survives" : "is lost"}`, async () => {
        const pki = await withRoot(`root-${useCsrValues}-${uriSans !== undefined}`);
        const signed = await pki.signIntermediate({
          csr: (await consulRequest()).toPem(),
          useCsrValues,
          ...(uriSans === undefined ? {} : { uriSans }),
          ttl: "8760h",
          maxPathLength: 0,
        });
        const certificate = parseCertificate(signed.slice(0, signed.indexOf("-----END") + 25));
        assert.deepEqual(certificate.subjectAltNames.uris, survives ? [signingUri] : []);
        assert.equal(certificate.isCa, true);
        assert.equal(certificate.pathLength, 0);
      });
    }

    test("an intermediate is requested, signed, installed, and signs a leaf", async () => {
      const above = await withRoot("chain-root");
      const pki = await mounted("chain-int");
      const { csr, keyId } = await pki.generateIntermediate({ ...root, commonName: "sec-1.vault.ca" });
      assert.deepEqual(parseCertificateRequest(csr).subjectAltNames.uris, [signingUri]);
      assert.equal(keyId !== "", isMultiIssuer);
      const signed = await above.signIntermediate({
        csr,
        useCsrValues: false,
        uriSans: signingUri,
        ttl: "8760h",
      });
      const imported = await pki.setSigned(signed);
      if (isMultiIssuer) {
        assert.ok([...(imported?.mapping.values() ?? [])].includes(keyId));
        assert.equal(typeof (await pki.issuersConfig())["default"], "string");
        assert.equal((await pki.listKeys()).length, 1);
      } else {
        assert.equal(imported, undefined);
      }
      await pki.putRole("leaf-cert", {
        allow_any_name: true,
        allowed_uri_sans: "spiffe://*",
        key_type: "any",
        max_ttl: "72h",
        no_store: true,
        require_cn: false,
      });
      const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
      const uri = `${signingUri}/ns/default/dc/dc1/svc/web`;
      const request = await createCertificateRequest({ key: privateKey, subjectAltNames: { uris: [uri] } });
      const leaf = await pki.sign("leaf-cert", { csr: request.toPem(), ttl: "1h" });
      assert.deepEqual(parseCertificate(leaf.certificate).subjectAltNames.uris, [uri]);
      assert.ok(leaf.issuingCa.startsWith("-----BEGIN CERTIFICATE-----"));
    });

    test("AppRole and userpass log in; their token may do what its policy says, and no more", async () => {
      await vault.client.write("sys/policy/reader", {
        policy: 'path "sys/mounts" { capabilities = ["read"] }',
      });
      for (const type of ["approle", "userpass"]) {
        await vault.client.request({ method: "POST", path: `sys/auth/${type}`, body: { type } });
      }
      const settings = { policies: "reader", token_ttl: "1h", period: "1h" };
      const params = await appRole(vault.client, "consul", settings);
      await vault.client.write("auth/userpass/users/jo", { password: "correct horse", policies: "reader" });
      for (const method of [
        { type: "approle", mountPath: "", params },
        { type: "userpass", mountPath: "", params: { username: "jo", password: "correct horse" } },
      ]) {
        using limited = await vault.server.client("");
        const auth = await login(limited, method);
        limited.setToken(auth.clientToken);
        assert.ok(auth.policies.includes("reader"));
        assert.ok((await new VaultSys(limited).mounts()).has("sys/"));
        const lease = await lookUpToken(limited);
        assert.ok(lease.renewable && lease.ttlSeconds > 3_500);
        assert.equal((await renewToken(limited, lease.ttlSeconds)).renewable, true);
        const refused = await failureOf(limited.write("sys/policy/reader", { policy: "" }));
        assert.deepEqual([refused.code, refused.status], ["vault-permission-denied", 403]);
      }
    });

    test("a wrong password is refused with Vault's words and without the password", async () => {
      using anonymous = await vault.server.client("");
      const params = { username: "jo", password: "battery staple" };
      const error = await failureOf(login(anonymous, { type: "userpass", mountPath: "", params }));
      assert.equal(error.code, "vault-request-refused");
      assert.match(error.message, /^Vault answered 400 to PUT auth\/userpass\/login\/jo and says: .*invalid/);
      assert.ok(!error.message.includes("battery"));
    });

    test("a revoked token is refused", async () => {
      const created = await vault.client.write("auth/token/create", { ttl: "1h" });
      using revoked = await vault.server.client(created?.auth?.clientToken ?? "");
      await lookUpToken(revoked);
      await vault.client.write("auth/token/revoke", { token: created?.auth?.clientToken });
      assert.equal((await failureOf(lookUpToken(revoked))).code, "vault-permission-denied");
    });

    // Last: it closes the Vault that the others use.
    test("a sealed Vault says so, and works again once it is unsealed", async () => {
      await vault.sys.seal();
      using impatient = await vault.server.client();
      const error = await failureOf(impatient.write("pki/sign/x", {}));
      assert.equal(error.code, "vault-sealed");
      assert.equal((await vault.sys.health()).sealed, true);
      assert.equal(await vault.sys.unseal(vault.server.unsealKey), true);
      assert.equal((await lookUpToken(vault.client)).ttlSeconds, Number.POSITIVE_INFINITY);
    });
  });
}
