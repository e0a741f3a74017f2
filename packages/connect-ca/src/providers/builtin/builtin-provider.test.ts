import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  type Certificate,
  type CertificateRequest,
  generateKey,
  keyId,
  parseCertificate,
  parseCertificateRequest,
  parseCertificates,
  privateKeyToPem,
  CertificateRequest as Request,
  verifyChain,
} from "@drawbar/x509";
import type { RawConfig } from "../../config/config-reader.ts";
import { createCaCsr, createCsr } from "../../requests/create-csr.ts";
import { MemoryStore } from "../../store/memory-store.ts";
import type { StateStore } from "../../store/state-store.ts";
import { contractClusterId as clusterId, providerContract } from "../../testing/provider-contract.ts";
import { BuiltinProvider } from "./builtin-provider.ts";

const signingUri = `spiffe://${clusterId}.consul`;
const serviceUri = `${signingUri}/ns/default/dc/dc1/svc/foo`;
const hourMs = 3_600_000;
const at = new Date("2026-06-01T12:00:00Z");
const ec: RawConfig = { PrivateKeyType: "ec", PrivateKeyBits: 256 };
const rsa: RawConfig = { PrivateKeyType: "rsa", PrivateKeyBits: 2048 };

/** Where the CAs that sign, and those that they sign, keep the keys of each kind: RSA's take long to make. */
const signing = { ec: new MemoryStore(), rsa: new MemoryStore() };
const signed = { ec: new MemoryStore(), rsa: new MemoryStore() };

interface Setup {
  readonly isPrimary?: boolean;
  readonly config?: RawConfig;
  readonly store?: StateStore;
  readonly now?: () => Date;
}

async function provider(setup: Setup = {}): Promise<BuiltinProvider> {
  const { isPrimary = true, config = {}, store = new MemoryStore(), now = () => at } = setup;
  const made = new BuiltinProvider({ store, now });
  await made.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: {} });
  return made;
}

async function leafRequest(uri = serviceUri): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCsr(privateKey, { uri });
}

function hashOf(text: string): string {
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .replace(/..(?=.)/g, "$&:");
}

async function rootOf(ca: BuiltinProvider): Promise<Certificate> {
  return parseCertificate(await ca.generateCaChain());
}

for (const { title, run } of providerContract) {
  test(`contract, built-in in process: ${title}`, () =>
    run({ provider: (isPrimary, config = {}) => provider({ isPrimary, config, now: () => new Date() }) }));
}

test("TestConsulCAProvider_Bootstrap: the root is the leaf CA, has the cluster's URI, raw key ids and ten years", async () => {
  const ca = await provider();
  const chain = await ca.generateCaChain();
  assert.equal(await ca.activeLeafSigningCert(), chain);
  const root = parseCertificate(chain);
  assert.deepEqual(root.subjectAltNames.uris, [signingUri]);
  assert.equal(root.subjectKeyId?.length, 32);
  assert.deepEqual(root.subjectKeyId, keyId(root, "sha256-spki"));
  assert.deepEqual(root.authorityKeyId, root.subjectKeyId);
  assert.match(root.subject.commonName ?? "", /^pri-[0-9a-z]{1,8}\.consul\.ca\.11111111\.consul$/);
  assert.equal(root.isCa, true);
  assert.equal(root.pathLength, undefined);
  assert.deepEqual([...(root.keyUsage ?? [])].sort(), ["certSign", "crlSign", "digitalSignature"]);
  assert.equal(root.extKeyUsage, undefined);
  assert.deepEqual(root.notBefore, at);
  assert.equal(root.notAfter.getTime() - at.getTime(), 87_600 * hourMs);
});

test("TestConsulCAProvider_Bootstrap_WithCert: a supplied root is used as it is, its life too", async () => {
  const own = await provider({ config: { RootCertTTL: "9000h" } });
  const { privateKey } = await generateKey({ type: "ec", curve: "P-384" });
  const key = privateKeyToPem(privateKey);
  const made = await provider({ config: { PrivateKey: key, RootCertTTL: "9001h" } });
  const rootCert = await made.generateCaChain();
  assert.equal(parseCertificate(rootCert).signatureAlgorithm, "ecdsa-sha384");
  const ca = await provider({ config: { PrivateKey: key, RootCert: rootCert } });
  assert.equal(await ca.generateCaChain(), rootCert);
  const csr = await leafRequest();
  const leaf = parseCertificate(await ca.sign(csr));
  assert.equal(leaf.signatureAlgorithm, "ecdsa-sha256");
  verifyChain({ leaf, anchors: [parseCertificate(rootCert)], at });
  await assert.rejects(provider({ config: { PrivateKey: key, RootCert: await own.generateCaChain() } }), {
    code: "ca-config-invalid",
    message: "PrivateKey is not the key of RootCert",
  });
});

for (const [kind, config] of [
  ["ec", ec],
  ["rsa", rsa],
] as const) {
  test(`TestConsulCAProvider_SignLeaf: ${kind}: URI, no subject, serials 3, 4, 5, key ids, less than an hour`, async () => {
    const ca = await provider({ config: { ...config, LeafCertTTL: "1h" } });
    const root = await rootOf(ca);
    assert.equal(root.serialNumber, 2n);
    const uris = [serviceUri, serviceUri.replace("foo", "bar"), `${signingUri}/agent/client/dc/dc1/id/uuid`];
    for (const [index, uri] of uris.entries()) {
      const csr = await leafRequest(uri);
      const pem = await ca.sign(csr);
      assert.ok(pem.endsWith("\n"));
      const leaf = parseCertificate(pem);
      assert.equal(leaf.serialNumber, BigInt(index + 3));
      assert.deepEqual(leaf.subjectAltNames.uris, [uri]);
      assert.equal(leaf.subject.isEmpty, true);
      assert.equal(leaf.extension("2.5.29.17")?.critical, true);
      assert.deepEqual(leaf.subjectKeyId, keyId(csr, "sha256-spki"));
      assert.deepEqual(leaf.authorityKeyId, root.subjectKeyId);
      assert.equal(leaf.signatureAlgorithm, kind === "ec" ? "ecdsa-sha256" : "rsa-sha256");
      assert.equal(leaf.isCa, false);
      assert.equal(leaf.extension("2.5.29.19")?.critical, true);
      const usage = ["dataEncipherment", "digitalSignature", "keyAgreement", "keyEncipherment"];
      assert.deepEqual([...(leaf.keyUsage ?? [])].sort(), usage);
      assert.deepEqual(leaf.extKeyUsage, ["clientAuth", "serverAuth"]);
      assert.equal(at.getTime() - leaf.notBefore.getTime(), 60_000);
      assert.equal(leaf.notAfter.getTime() - leaf.notBefore.getTime(), hourMs);
      verifyChain({ leaf, anchors: [root], at, extKeyUsage: ["clientAuth"] });
    }
  });

  for (const [otherKind, otherConfig] of [
    ["ec", ec],
    ["rsa", rsa],
  ] as const) {
    test(`TestConsulCAProvider_CrossSignCA: ${kind} signs ${otherKind}, and leafs verify under both roots`, async () => {
      const oldCa = await provider({ config, store: signing[kind] });
      const newCa = await provider({ config: otherConfig, store: signed[otherKind] });
      const [oldRoot, newRoot] = [await rootOf(oldCa), await rootOf(newCa)];
      const crossed = parseCertificate(await oldCa.crossSignCa(newRoot));
      assert.deepEqual(crossed.authorityKeyId, oldRoot.subjectKeyId);
      assert.deepEqual(crossed.subjectKeyId, newRoot.subjectKeyId);
      assert.deepEqual(crossed.subject.raw, newRoot.subject.raw);
      assert.deepEqual(crossed.issuer.raw, oldRoot.subject.raw);
      assert.deepEqual(crossed.subjectAltNames, newRoot.subjectAltNames);
      assert.notEqual(crossed.serialNumber, newRoot.serialNumber);
      assert.equal(crossed.signatureAlgorithm, oldRoot.signatureAlgorithm);
      assert.equal(crossed.notAfter.getTime() - crossed.notBefore.getTime(), 7 * 24 * hourMs);
      const leaf = parseCertificate(await newCa.sign(await leafRequest()));
      verifyChain({ leaf, intermediates: [crossed], anchors: [oldRoot], at });
      verifyChain({ leaf, anchors: [newRoot], at });
    });

    test(`TestConsulProvider_SignIntermediate: ${kind} signs ${otherKind}, and the secondary's leafs verify`, async () => {
      const primary = await provider({ config, store: signing[kind] });
      const secondary = await provider({ isPrimary: false, config: otherConfig });
      const root = await primary.generateCaChain();
      const { csrPem, opaque } = await secondary.generateIntermediateCsr();
      assert.equal(opaque, "");
      const csr = parseCertificateRequest(csrPem);
      assert.equal(csr.subject.isEmpty, true);
      assert.equal(csr.isCa, true);
      const signedPem = await primary.signIntermediate(csr);
      const intermediate = parseCertificate(signedPem);
      assert.equal(intermediate.pathLength, 0);
      assert.equal(intermediate.subject.isEmpty, true);
      assert.deepEqual(intermediate.subjectKeyId, keyId(csr, "sha256-spki"));
      assert.equal(intermediate.notAfter.getTime() - intermediate.notBefore.getTime(), 8760 * hourMs);
      await secondary.setIntermediate(signedPem, root, opaque);
      assert.equal(await secondary.activeLeafSigningCert(), signedPem);
      assert.equal(await secondary.activeRoot(), root);
      const leaf = parseCertificate(await secondary.sign(await leafRequest()));
      assert.deepEqual(leaf.authorityKeyId, intermediate.subjectKeyId);
      verifyChain({ leaf, intermediates: [intermediate], anchors: parseCertificates(root), at });
    });
  }
}

test("TestConsulCAProvider_MigrateOldID: rows of older names are taken over", async () => {
  const first = await provider();
  const pem = await first.generateCaChain();
  const key = await generateKey({ type: "ec", curve: "P-256" });
  const row = JSON.stringify({
    privateKey: privateKeyToPem(key.privateKey),
    rootCert: pem,
    intermediateCert: "",
  });
  for (const oldId of [",", hashOf(",,true")]) {
    const store = new MemoryStore();
    await store.replace(`builtin-provider/${oldId}`, undefined, row);
    const ca = await provider({ store });
    assert.equal(await ca.generateCaChain(), pem);
    assert.equal(await store.get(`builtin-provider/${oldId}`), undefined);
    assert.ok(await store.get(`builtin-provider/${hashOf(",,ec,256,true")}`));
  }
});

test("TestConnectCAConfig ChangeKeyConfig: another kind of key is another CA, another lifetime is not", async () => {
  const store = new MemoryStore();
  const chain = await (await provider({ store })).generateCaChain();
  assert.equal(await (await provider({ store, config: { LeafCertTTL: "2h" } })).generateCaChain(), chain);
  const changed = await provider({ store, config: { PrivateKeyBits: 384 } });
  assert.notEqual(await changed.generateCaChain(), chain);
});

test("two providers that make the root at once agree on one", async () => {
  const store = new MemoryStore();
  const [one, other] = [await provider({ store }), await provider({ store })];
  const chains = await Promise.all([one.generateCaChain(), other.generateCaChain(), one.generateCaChain()]);
  assert.equal(new Set(chains).size, 1);
});

test("a secondary goes on signing with its intermediate while it waits for the next", async () => {
  const [primary, secondary] = [await provider(), await provider({ isPrimary: false })];
  const root = await primary.generateCaChain();
  const renew = async (): Promise<string> => {
    const { csrPem } = await secondary.generateIntermediateCsr();
    return await primary.signIntermediate(parseCertificateRequest(csrPem));
  };
  const first = await renew();
  await secondary.setIntermediate(first, root, "");
  const second = await renew();
  const leaf = parseCertificate(await secondary.sign(await leafRequest()));
  verifyChain({ leaf, intermediates: parseCertificates(first), anchors: parseCertificates(root), at });
  await assert.rejects(secondary.setIntermediate(first, root, ""), {
    code: "ca-intermediate-invalid",
    message: "intermediate cert is for a different private key",
  });
  await secondary.setIntermediate(second, root, "");
  assert.equal(await secondary.activeLeafSigningCert(), second);
});

test("what it cannot do yet, or not in its role, is an error with a code", async () => {
  const unconfigured = new BuiltinProvider({ store: new MemoryStore() });
  const csr = await leafRequest();
  const notReady = { code: "ca-not-initialized", message: "provider not initialized" };
  await assert.rejects(unconfigured.sign(csr), notReady);
  const primary = await provider();
  await assert.rejects(primary.sign(csr), notReady);
  const secondary = await provider({ isPrimary: false });
  await assert.rejects(secondary.setIntermediate("", "", ""), notReady);
  await secondary.generateIntermediateCsr();
  await assert.rejects(secondary.sign(csr), notReady);
  await assert.rejects(secondary.signIntermediate(csr), { code: "ca-not-primary" });
  await assert.rejects(primary.generateLeafSigningCert(), { code: "ca-unsupported" });
});

test("cross-signing can be disabled", async () => {
  const ca = await provider({ config: { DisableCrossSigning: true } });
  const root = await rootOf(ca);
  assert.equal(await ca.supportsCrossSigning(), false);
  await assert.rejects(ca.crossSignCa(root), { code: "ca-unsupported", message: "cross-signing disabled" });
});

test("a request for a CA with a foreign signature is refused, and an aborted call does nothing", async () => {
  const ca = await provider();
  await ca.generateCaChain();
  const csr = await leafRequest(signingUri);
  const forged = Uint8Array.from(csr.raw);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  await assert.rejects(ca.signIntermediate(new Request(forged)), {
    code: "ca-request-invalid",
    message: /^CSR is not signed by its key: /,
  });
  await assert.rejects(ca.sign(csr, { signal: AbortSignal.abort(new Error("enough")) }), {
    code: "ca-aborted",
  });
});

test("a CA that is past its end signs nothing", async () => {
  let now = at;
  const ca = await provider({ now: () => now });
  await ca.generateCaChain();
  now = new Date(at.getTime() + 87_601 * hourMs);
  await assert.rejects(ca.sign(await leafRequest()), {
    code: "ca-root-expired",
    message: "root certificate is expired",
  });
});

test("cleanup takes the CA away, unless the other provider lives on it", async () => {
  const store = new MemoryStore();
  const ca = await provider({ store });
  const chain = await ca.generateCaChain();
  await ca.cleanup(false, { LeafCertTTL: "2h" });
  assert.equal(await ca.activeLeafSigningCert(), chain);
  await ca.cleanup(false, { PrivateKeyBits: 384 });
  await assert.rejects(ca.sign(await leafRequest()), { code: "ca-not-initialized" });
  assert.notEqual(await (await provider({ store })).generateCaChain(), chain);
});

test("a configuration that cannot be used is refused and changes nothing", async () => {
  const ca = await provider();
  const chain = await ca.generateCaChain();
  const configure = (config: RawConfig): Promise<void> =>
    ca.configure({ clusterId, datacenter: "dc1", isPrimary: true, config, state: {} });
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  const pem = privateKeyToPem(privateKey);
  for (const [config, message] of [
    [{ PrivateKeyBits: 1 }, /^EC key length must be one of/],
    [{ PrivateKey: chain }, /^error parsing PrivateKey: PEM block is CERTIFICATE/],
    [{ PrivateKey: pem, RootCert: pem }, /^error parsing RootCert: PEM block is EC PRIVATE KEY/],
  ] as const) {
    await assert.rejects(configure(config), { code: "ca-config-invalid", message });
    await assert.rejects(ca.validateConfigUpdate({}, config), { code: "ca-config-invalid", message });
  }
  assert.equal(await ca.activeLeafSigningCert(), chain);
});

test("CreateCSR_FormatDNSSANs: ports, empty names and repetitions are dropped", async () => {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  const dnsNames = ["b.example:8080", "", ":1", "*.a.example", "b.example"];
  const csr = await createCsr(privateKey, { uri: serviceUri, dnsNames, ipAddresses: ["::1", "10.0.0.1"] });
  assert.deepEqual(csr.subjectAltNames, {
    uris: [serviceUri],
    dnsNames: ["b.example", "*.a.example"],
    ipAddresses: ["::1", "10.0.0.1"],
    emails: [],
  });
  assert.equal(csr.isCa, false);
  const constraints = (await createCaCsr(privateKey, { uri: signingUri })).extension("2.5.29.19");
  assert.deepEqual([...(constraints?.value ?? [])], [0x30, 3, 1, 1, 0xff]);
  const ca = await provider();
  await ca.generateCaChain();
  const leaf = parseCertificate(await ca.sign(csr));
  assert.deepEqual(leaf.subjectAltNames, csr.subjectAltNames);
});
