import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
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
import { BuiltinProvider, MemoryStore, VaultProvider } from "connect-ca";
import { VaultClient, VaultPki } from "connect-ca/vault";
import { consulRequest } from "./consul-request.ts";
import { faultProxy, refuseRequestsOfCas } from "./fault-proxy.ts";
import { suiteVault } from "./suite-vault.ts";
import { vaultVersions } from "./vault-server.ts";

const clusterId = "11111111-2222-3333-4444-555555555555";
const signingUri = `spiffe://${clusterId}.consul`;
const serviceUri = `${signingUri}/ns/default/dc/dc1/svc/web`;

/** Vaults of old hash the key with its algorithm. */
function oldKeyId(csr: CertificateRequest): Uint8Array {
  return new Uint8Array(createHash("sha1").update(csr.publicKeySpki).digest());
}

for (const version of vaultVersions) {
  const isMultiIssuer = version === "1.21.2";

  describe(`the Vault provider on Vault ${version}`, () => {
    const vault = suiteVault(version);

    test("TestVaultCAProvider_Bootstrap: root and leaf CA are Vault's own, with the cluster's URI and the lifetime asked for", async () => {
      const { ca, root } = await vault.made.primary("bootstrap", { RootCertTTL: "9000h" });
      const certificate = parseCertificate(root);
      assert.equal(root, `${(await new VaultPki(vault.client, "bootstrap-root").caPem()).trimEnd()}\n`);
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

    test("TestVaultCAProvider_SignLeaf: leafs keep their URI, verify, and never share a serial", async () => {
      for (const changes of [{}, { PrivateKeyType: "rsa", PrivateKeyBits: 2048 }]) {
        const { ca, root } = await vault.made.primary(`leaf-${Object.keys(changes).length}`, {
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

    test("TestVaultProvider_SignIntermediate: a secondary's intermediate keeps its URI and its leafs verify under the primary", async () => {
      const { ca, root } = await vault.made.primary("pri");
      const secondary = await vault.made.provider(false, vault.made.configOf("sec"));
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

    test("TestVaultProvider_SignIntermediateConsul: a request as Consul's own provider makes it keeps its URI", async () => {
      const { ca, root } = await vault.made.primary("consul-sec");
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

    test("TestVaultProvider_SignIntermediateConsul: where a request that asks to be a CA is refused, ours is not among them", async () => {
      await using proxy = await faultProxy(vault.server.address);
      let refusals = 0;
      proxy.fault = (call) => {
        const refusal = refuseRequestsOfCas(call);
        if (refusal !== undefined) refusals++;
        return refusal;
      };
      const { ca } = await vault.made.primary("refusing", { Address: proxy.address });
      const csr = await consulRequest();
      const [intermediate] = parseCertificates(await ca.signIntermediate(csr));
      assert.deepEqual(intermediate?.subjectAltNames.uris, [signingUri]);
      assert.equal(refusals, 0);
      using direct = await VaultClient.create({ address: proxy.address, token: vault.server.token });
      const asConsulDid = new VaultPki(direct, "refusing-root").signIntermediate({
        csr: csr.toPem(),
        useCsrValues: true,
        ttl: "8760h",
      });
      await assert.rejects(asConsulDid, { code: "vault-request-refused", message: /isCA=true/ });
      assert.equal(refusals, 1);
    });

    test("TestVaultProvider_SignIntermediateConsul: the built-in provider as a secondary of ours, and the other way round", async () => {
      const { ca, root } = await vault.made.primary("mixed");
      const builtin = async (isPrimary: boolean): Promise<BuiltinProvider> => {
        const provider = new BuiltinProvider({ store: new MemoryStore() });
        await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config: {}, state: {} });
        return provider;
      };
      const above = await builtin(true);
      const below = await vault.made.provider(false, vault.made.configOf("mixed-sec"));
      for (const [primary, chain, secondary] of [
        [ca, root, await builtin(false)],
        [above, await above.generateCaChain(), below],
        // TestVaultCAProvider_GenerateIntermediate_inSecondary: the next takes the place of the one before.
        [above, await above.generateCaChain(), below],
      ] as const) {
        const before = await secondary.activeLeafSigningCert();
        const { csrPem, opaque } = await secondary.generateIntermediateCsr();
        const signed = await primary.signIntermediate(parseCertificateRequest(csrPem));
        await secondary.setIntermediate(signed, chain, opaque);
        const active = await secondary.activeLeafSigningCert();
        assert.notEqual(active, before);
        const [intermediate = assert.fail()] = parseCertificates(active);
        assert.deepEqual(intermediate.subjectAltNames.uris, [signingUri]);
        const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
        const csr = await createCertificateRequest({
          key: privateKey,
          subjectAltNames: { uris: [serviceUri] },
        });
        const leaf = parseCertificate(await secondary.sign(csr));
        verifyChain({
          leaf,
          intermediates: [intermediate],
          anchors: parseCertificates(chain),
          at: new Date(),
        });
      }
    });

    test("without use_csr_values, as Consul asked before its fix: the intermediate is refused, with the reason", async () => {
      const { root } = await vault.made.primary("fault");
      const secondary = await vault.made.provider(false, vault.made.configOf("fault-sec"));
      const { csrPem, opaque } = await secondary.generateIntermediateCsr();
      const signed = await new VaultPki(vault.client, "fault-root").signIntermediate({
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

    test("TestVaultCAProvider_GenerateIntermediate, TestVaultCAProvider_DeletePreviousIssuerAndKey: renewals take effect and leave nothing behind", async () => {
      const { ca } = await vault.made.primary("renew");
      const pki = new VaultPki(vault.client, "renew-int");
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

    test("TestVaultCAProvider_CrossSignCA: another CA verifies under our root; old Vaults sign none of another kind of key", async () => {
      const rsa = { PrivateKeyType: "rsa", PrivateKeyBits: 2048 };
      const cas = {
        ec: await vault.made.root("cross-ec"),
        rsa: await vault.made.root("cross-rsa", rsa),
      };
      const others = {
        ec: await vault.made.root("cross-ec-other"),
        rsa: await vault.made.root("cross-rsa-other", rsa),
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

    test("TestVaultCAProvider_CrossSignCA: without sudo it is refused for want of permission", async () => {
      await vault.client.write("sys/policy/no-sudo", {
        policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list"] }',
      });
      const created = await vault.client.write("auth/token/create", { policies: ["no-sudo"] });
      const { ca, root } = await vault.made.primary("no-sudo", { Token: created?.auth?.clientToken });
      await assert.rejects(ca.crossSignCa(parseCertificate(root)), { code: "ca-permission-denied" });
    });

    test("TestVaultProvider_Cleanup: a change of type or path unmounts the intermediate, none keeps it; the root stays", async () => {
      const isMounted = async (path: string): Promise<boolean> => (await vault.sys.mounts()).has(path);
      const kept = await vault.made.primary("kept");
      await kept.ca.cleanup(false, vault.made.configOf("kept"));
      assert.equal(await isMounted("kept-int/"), true);
      const moved = await vault.made.primary("moved");
      await moved.ca.cleanup(false, vault.made.configOf("moved", { IntermediatePKIPath: "elsewhere" }));
      assert.equal(await isMounted("moved-int/"), false);
      const replaced = await vault.made.primary("replaced");
      await replaced.ca.cleanup(true, {});
      assert.equal(await isMounted("replaced-int/"), false);
      assert.equal(await isMounted("replaced-root/"), true);
    });

    test("only the primary has a chain, only a secondary has requests", async () => {
      const { ca } = await vault.made.primary("roles");
      const secondary = await vault.made.provider(
        false,
        vault.made.configOf("roles-sec", { RootPKIPath: "" }),
      );
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

    test("a token without rights is refused at configuration, and is in no error", async () => {
      const created = await vault.client.write("auth/token/create", { policies: ["default"], ttl: "1h" });
      const token = created?.auth?.clientToken ?? assert.fail();
      await assert.rejects(
        vault.made.provider(true, vault.made.configOf("weak", { Token: token })),
        (error) => {
          assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(token));
          assert.equal((error as { code: string }).code, "ca-permission-denied");
          return true;
        },
      );
    });
  });
}
