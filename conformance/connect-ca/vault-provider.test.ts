import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import {
  type CertificateRequest,
  createCertificateRequest,
  generateKey,
  keyId,
  parseCertificate,
  parseCertificateRequest,
  parseCertificates,
  verifyChain,
} from "@drawbar/x509";
import { type CaProvider, type RawConfig, VaultProvider } from "connect-ca";
import { VaultClient, VaultPki, VaultSys } from "connect-ca/vault";
import { faultProxy, refuseRequestsOfCas } from "./fault-proxy.ts";
import { startVault, type VaultServer, vaultVersions } from "./vault-server.ts";

const clusterId = "11111111-2222-3333-4444-555555555555";
const signingUri = `spiffe://${clusterId}.consul`;
const serviceUri = `${signingUri}/ns/default/dc/dc1/svc/web`;
const day = 24 * 3_600_000;

/** A CA's request as Consul's own provider makes it: no subject, one URI, and the wish to be a CA. */
async function consulRequest(): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCertificateRequest({
    key: privateKey,
    subjectAltNames: { uris: [signingUri] },
    basicConstraints: { ca: true },
  });
}

/** Vaults of old hash the key with its algorithm. */
function oldKeyId(csr: CertificateRequest): Uint8Array {
  return new Uint8Array(createHash("sha1").update(csr.publicKeySpki).digest());
}

for (const version of vaultVersions) {
  const isMultiIssuer = version === "1.21.2";

  describe(`the Vault provider on Vault ${version}`, () => {
    let vault: VaultServer;
    let client: VaultClient;
    const providers: CaProvider[] = [];
    before(async () => {
      vault = await startVault(version);
      client = await vault.client();
    });
    after(async () => {
      for (const provider of providers) await provider.stop();
      client[Symbol.dispose]();
      await vault[Symbol.asyncDispose]();
    });

    function configOf(name: string, changes: RawConfig = {}): RawConfig {
      const paths = { RootPKIPath: `${name}-root/`, IntermediatePKIPath: `${name}-int/` };
      return { Address: vault.address, Token: vault.token, ...paths, ...changes };
    }

    async function provider(isPrimary: boolean, config: RawConfig): Promise<VaultProvider> {
      const made = new VaultProvider();
      providers.push(made);
      await made.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
      return made;
    }

    async function primary(name: string, changes?: RawConfig): Promise<{ ca: VaultProvider; root: string }> {
      const ca = await provider(true, configOf(name, changes));
      const root = await ca.generateCaChain();
      await ca.generateLeafSigningCert();
      return { ca, root };
    }

    test("Bootstrap: root and leaf CA are Vault's own, with the cluster's URI and the lifetime asked for", async () => {
      const { ca, root } = await primary("bootstrap", { RootCertTTL: "9000h" });
      const certificate = parseCertificate(root);
      assert.equal(root, `${(await new VaultPki(client, "bootstrap-root").caPem()).trimEnd()}\n`);
      assert.equal(certificate.isCa, true);
      assert.deepEqual(certificate.subjectAltNames.uris, [signingUri]);
      assert.match(certificate.subject.commonName ?? "", /^pri-[0-9a-z]{1,8}\.vault\.ca\.11111111\.consul$/);
      const lifetime = certificate.notAfter.getTime() - Date.now();
      assert.ok(Math.abs(lifetime - 9000 * 3_600_000) < 600_000, `${lifetime} ms`);
      const leafCa = await ca.activeLeafSigningCert();
      assert.ok(leafCa.endsWith("\n"));
      assert.deepEqual(parseCertificate(leafCa).subjectAltNames.uris, [signingUri]);
      assert.equal(await ca.generateCaChain(), root);
    });

    test("SignLeaf: leafs keep their URI, verify, and never share a serial", async () => {
      for (const changes of [{}, { PrivateKeyType: "rsa", PrivateKeyBits: 2048 }]) {
        const { ca, root } = await primary(`leaf-${Object.keys(changes).length}`, {
          LeafCertTTL: "1h",
          ...changes,
        });
        const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
        const csr = await createCertificateRequest({
          key: privateKey,
          subjectAltNames: { uris: [serviceUri] },
        });
        const pems = await Promise.all(Array.from({ length: 5 }, () => ca.sign(csr)));
        const leafs = pems.map((pem) => parseCertificate(pem));
        assert.equal(new Set(leafs.map((leaf) => leaf.serialNumber)).size, 5);
        const intermediate = parseCertificate(await ca.activeLeafSigningCert());
        const anchors = parseCertificates(root);
        for (const [index, leaf] of leafs.entries()) {
          assert.ok(pems[index]?.endsWith("\n"));
          assert.deepEqual(leaf.subjectAltNames.uris, [serviceUri]);
          assert.deepEqual(leaf.subjectKeyId, isMultiIssuer ? keyId(csr, "sha1") : oldKeyId(csr));
          verifyChain({ leaf, intermediates: [intermediate], anchors, at: new Date() });
        }
      }
    });

    test("SignIntermediate: a secondary's intermediate keeps its URI and its leafs verify under the primary", async () => {
      const { ca, root } = await primary("pri");
      const secondary = await provider(false, configOf("sec"));
      assert.equal(await secondary.activeLeafSigningCert(), "");
      const { csrPem, opaque } = await secondary.generateIntermediateCsr();
      assert.equal(opaque !== "", isMultiIssuer);
      const request = parseCertificateRequest(csrPem);
      assert.deepEqual(request.subjectAltNames.uris, [signingUri]);
      const signed = await ca.signIntermediate(request);
      await secondary.setIntermediate(signed, root, opaque);
      const intermediate = parseCertificate(await secondary.activeLeafSigningCert());
      assert.ok(intermediate.equals(parseCertificates(signed)[0] ?? assert.fail()));
      assert.equal(intermediate.pathLength, 0);
      const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
      const csr = await createCertificateRequest({
        key: privateKey,
        subjectAltNames: { uris: [serviceUri] },
      });
      const leaf = parseCertificate(await secondary.sign(csr));
      verifyChain({ leaf, intermediates: [intermediate], anchors: parseCertificates(root), at: new Date() });
    });

    test("SignIntermediateConsul: a request as Consul's own provider makes it keeps its URI", async () => {
      const { ca, root } = await primary("consul-sec");
      const csr = await consulRequest();
      const [intermediate] = parseCertificates(await ca.signIntermediate(csr));
      assert.deepEqual(intermediate?.subjectAltNames.uris, [signingUri]);
      assert.equal(intermediate?.pathLength, 0);
      verifyChain({
        leaf: intermediate ?? assert.fail(),
        anchors: parseCertificates(root),
        at: new Date(),
      });
    });

    test("SignIntermediateConsul: where a request that asks to be a CA is refused, ours is not among them", async () => {
      await using proxy = await faultProxy(vault.address);
      let refusals = 0;
      proxy.fault = (call) => {
        const refusal = refuseRequestsOfCas(call);
        if (refusal !== undefined) refusals++;
        return refusal;
      };
      const { ca } = await primary("refusing", { Address: proxy.address });
      const csr = await consulRequest();
      const [intermediate] = parseCertificates(await ca.signIntermediate(csr));
      assert.deepEqual(intermediate?.subjectAltNames.uris, [signingUri]);
      assert.equal(refusals, 0);
      using direct = await VaultClient.create({ address: proxy.address, token: vault.token });
      const asConsulDid = new VaultPki(direct, "refusing-root").signIntermediate({
        csr: csr.toPem(),
        useCsrValues: true,
        ttl: "8760h",
      });
      await assert.rejects(asConsulDid, { code: "vault-request-refused", message: /isCA=true/ });
      assert.equal(refusals, 1);
    });

    test("an intermediate signed as Consul did before its fix is refused, with the reason", async () => {
      const { root } = await primary("fault");
      const secondary = await provider(false, configOf("fault-sec"));
      const { csrPem, opaque } = await secondary.generateIntermediateCsr();
      const signed = await new VaultPki(client, "fault-root").signIntermediate({
        csr: csrPem,
        useCsrValues: false,
        ttl: "8760h",
      });
      const setting = secondary.setIntermediate(signed, root, opaque);
      if (version === "1.1.0") return await setting;
      await assert.rejects(setting, {
        code: "ca-intermediate-invalid",
        message: /^incoming intermediate cert has unexpected number of URIs: 0; expected spiffe:.*uri_sans/,
      });
      assert.equal(await secondary.activeLeafSigningCert(), "");
    });

    test("GenerateIntermediate, DeletePreviousIssuerAndKey: renewals take effect and leave nothing behind", async () => {
      const { ca } = await primary("renew");
      const pki = new VaultPki(client, "renew-int");
      let before = await ca.activeLeafSigningCert();
      for (let round = 0; round < 3; round++) {
        const renewed = await ca.generateLeafSigningCert();
        assert.notEqual(renewed, before);
        assert.equal(await ca.activeLeafSigningCert(), renewed);
        before = renewed;
        if (!isMultiIssuer) continue;
        assert.equal((await pki.listIssuers()).length, 2);
        assert.equal((await pki.listKeys()).length, 1);
      }
    });

    test("CrossSignCA: another CA verifies under our root; old Vaults sign none of another kind of key", async () => {
      const rsa = { PrivateKeyType: "rsa", PrivateKeyBits: 2048 };
      const cas = { ec: await primary("cross-ec"), rsa: await primary("cross-rsa", rsa) };
      const others = {
        ec: await primary("cross-ec-other"),
        rsa: await primary("cross-rsa-other", rsa),
      };
      for (const kind of ["ec", "rsa"] as const) {
        for (const otherKind of ["ec", "rsa"] as const) {
          const { ca, root } = cas[kind];
          const other = parseCertificate(others[otherKind].root);
          const crossing = ca.crossSignCa(other);
          if (kind !== otherKind && !isMultiIssuer) {
            await assert.rejects(crossing, {
              code: "ca-backend-failed",
              message: /^error having Vault cross-sign cert: .*does not match private key type/s,
            });
            continue;
          }
          const crossed = parseCertificate(await crossing);
          assert.deepEqual(crossed.subjectKeyId, other.subjectKeyId);
          assert.deepEqual(crossed.subject.raw, other.subject.raw);
          assert.deepEqual(crossed.authorityKeyId, parseCertificate(root).subjectKeyId);
          verifyChain({ leaf: crossed, anchors: parseCertificates(root), at: new Date() });
        }
      }
    });

    test("CrossSignCA: without sudo it is refused for want of permission", async () => {
      await client.write("sys/policy/no-sudo", {
        policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list"] }',
      });
      const created = await client.write("auth/token/create", { policies: ["no-sudo"] });
      const { ca, root } = await primary("no-sudo", { Token: created?.auth?.clientToken });
      await assert.rejects(ca.crossSignCa(parseCertificate(root)), { code: "ca-permission-denied" });
    });

    test("Cleanup: a change of type or path unmounts the intermediate, none keeps it; the root stays", async () => {
      const sys = new VaultSys(client);
      const isMounted = async (path: string): Promise<boolean> => (await sys.mounts()).has(path);
      const kept = await primary("kept");
      await kept.ca.cleanup(false, configOf("kept"));
      assert.equal(await isMounted("kept-int/"), true);
      const moved = await primary("moved");
      await moved.ca.cleanup(false, configOf("moved", { IntermediatePKIPath: "elsewhere" }));
      assert.equal(await isMounted("moved-int/"), false);
      const replaced = await primary("replaced");
      await replaced.ca.cleanup(true, {});
      assert.equal(await isMounted("replaced-int/"), false);
      assert.equal(await isMounted("replaced-root/"), true);
    });

    test("only the primary has a chain, only a secondary has requests", async () => {
      const { ca } = await primary("roles");
      const secondary = await provider(false, configOf("roles-sec", { RootPKIPath: "" }));
      await assert.rejects(secondary.generateCaChain(), {
        code: "ca-not-primary",
        message: "provider is not the root certificate authority",
      });
      await assert.rejects(ca.generateIntermediateCsr(), { code: "ca-is-primary" });
      await assert.rejects(ca.setIntermediate("", "", ""), { code: "ca-is-primary" });
      await assert.rejects(new VaultProvider().generateCaChain(), {
        code: "ca-not-initialized",
        message: "provider not initialized",
      });
    });

    test("ReconfigureIntermediateTTL: a new lifetime is tuned into the mount", async () => {
      const { ca } = await primary("ttl");
      const config = configOf("ttl", { IntermediateCertTTL: "333h" });
      await ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
      assert.equal((await client.read("sys/mounts/ttl-int/tune"))?.raw["max_lease_ttl"], 333 * 3600);
    });

    test("a mount that was deleted under us is an error that says so", async () => {
      const { ca } = await primary("gone");
      await new VaultSys(client).unmount("gone-int");
      await assert.rejects(ca.activeLeafSigningCert(), {
        code: "ca-backend-not-mounted",
        message: /^backend not mounted/,
      });
    });

    test("a token without rights is refused at configuration, and is in no error", async () => {
      const created = await client.write("auth/token/create", { policies: ["default"], ttl: "1h" });
      const token = created?.auth?.clientToken ?? assert.fail();
      await assert.rejects(provider(true, configOf("weak", { Token: token })), (error) => {
        assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(token));
        assert.equal((error as { code: string }).code, "ca-permission-denied");
        return true;
      });
    });

    async function tokenWith(name: string, rules: Record<string, string>): Promise<string> {
      const policy = Object.entries(rules).map(
        ([path, capabilities]) =>
          `path "${path}" { capabilities = ${JSON.stringify(capabilities.split(" "))} }`,
      );
      await client.write(`sys/policy/${name}`, { policy: policy.join("\n") });
      const created = await client.write("auth/token/create", { policies: [name], ttl: "1h" });
      return created?.auth?.clientToken ?? assert.fail("no token");
    }

    test("ConsulManaged: the documented policy suffices where the provider mounts by itself", async () => {
      const all = "create read update delete list";
      const token = await tokenWith("consul-managed", {
        "sys/mounts/managed-root": all,
        "sys/mounts/managed-int": all,
        "sys/mounts/managed-int/tune": "update",
        "managed-root/*": all,
        "managed-int/*": all,
        "auth/token/renew-self": "update",
        "auth/token/lookup-self": "read",
      });
      const { ca } = await primary("managed", { Token: token });
      assert.notEqual(await ca.generateLeafSigningCert(), "");
    });

    test("VaultManaged: the documented policy suffices where an operator has mounted everything", async () => {
      const sys = new VaultSys(client);
      for (const path of ["theirs-root", "theirs-int"]) {
        await sys.mount(path, {
          type: "pki",
          description: "an operator's",
          config: { maxLeaseTtl: "87600h" },
        });
      }
      await new VaultPki(client, "theirs-root").generateRoot({
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
      const { ca } = await primary("theirs", { Token: token });
      assert.notEqual(await ca.generateLeafSigningCert(), "");
    });

    test("ConfigureWithAuthMethod: AppRole logs in, and the provider works with what it gets", async () => {
      await client.request({ method: "POST", path: "sys/auth/approle", body: { type: "approle" } });
      await client.write("sys/policy/consul", {
        policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }',
      });
      await client.write("auth/approle/role/consul", { policies: "consul" });
      const roleId = (await client.read("auth/approle/role/consul/role-id"))?.data?.["role_id"];
      const secretId = (await client.write("auth/approle/role/consul/secret-id", {}))?.data?.["secret_id"];
      const method = { Type: "approle", Params: { role_id: roleId, secret_id: secretId } };
      const { ca } = await primary("login", { Token: "", AuthMethod: method });
      assert.ok(
        parseCertificate(await ca.activeLeafSigningCert()).notAfter.getTime() > Date.now() + 300 * day,
      );
    });

    // Last: it closes the Vault that the others use.
    test("a sealed Vault is an error that says so; unsealed, the same provider goes on", async () => {
      const { ca } = await primary("sealed");
      const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
      const csr = await createCertificateRequest({
        key: privateKey,
        subjectAltNames: { uris: [serviceUri] },
      });
      const sys = new VaultSys(client);
      await sys.seal();
      await assert.rejects(ca.sign(csr), {
        code: "ca-unavailable",
        message: /^error issuing cert: .*sealed/,
      });
      await sys.unseal(vault.unsealKey);
      parseCertificate(await ca.sign(csr));
    });
  });
}
