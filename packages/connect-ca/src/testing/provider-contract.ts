import assert from "node:assert/strict";
import {
  type Certificate,
  type CertificateRequest,
  createCertificate,
  createCertificateRequest,
  generateKey,
  parseCertificate,
  parseCertificateRequest,
  parseCertificates,
  verifyChain,
} from "@drawbar/x509";
import type { RawConfig } from "../config/config-reader.ts";
import type { CaProvider } from "../provider/ca-provider.ts";
import { formatSpiffeId, signingIdOf } from "../spiffe/spiffe-id.ts";

/** The cluster that a bench's providers belong to. */
export const contractClusterId = "11111111-2222-3333-4444-555555555555";

const signingUri = formatSpiffeId(signingIdOf(contractClusterId));
const serviceUri = `${signingUri}/ns/default/dc/dc1/svc/web`;

/** Makes providers for the contract; each with a CA of its own, configured for contractClusterId. */
export interface ContractBench {
  provider(isPrimary: boolean, changes?: RawConfig): Promise<CaProvider>;
}

/** One promise of CaProvider. `run` fails with an AssertionError if it is not kept. */
export interface ContractCase {
  readonly title: string;
  run(bench: ContractBench): Promise<void>;
}

/** What every provider must do, in process or across a plugin: run each case against each of them. */
export const providerContract: readonly ContractCase[] = [
  {
    title: "the primary's chain is a CA with the cluster's URI, the same each time, ending in a newline",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const [signer, ...others] = parseCertificates(chainPem);
      assert.ok(chainPem.endsWith("-----END CERTIFICATE-----\n"));
      assert.equal(signer?.isCa, true);
      assert.deepEqual(signer?.subjectAltNames.uris, [signingUri]);
      assert.ok((others.at(-1) ?? signer)?.isSelfIssued);
      assert.equal(await ca.generateCaChain(), chainPem);
    },
  },
  {
    title: "leafs keep their URI, verify under the chain, and never share a serial, many at once",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const csr = await request({ uri: serviceUri });
      const pems = await Promise.all(Array.from({ length: 10 }, () => ca.sign(csr)));
      const leafs = pems.map((pem) => parseCertificate(pem));
      assert.equal(new Set(leafs.map((leaf) => leaf.serialNumber)).size, leafs.length);
      const signer = await ca.activeLeafSigningCert();
      for (const pem of pems) assertLeaf(pem, csr, signer, chainPem);
    },
  },
  {
    title: "a secondary has no leaf CA until the primary has signed one; then its leafs verify",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const secondary = await bench.provider(false);
      assert.equal(await secondary.activeLeafSigningCert(), "");
      const intermediatePem = await adopt(secondary, ca, chainPem);
      const active = await secondary.activeLeafSigningCert();
      assert.ok(parseCertificate(firstOf(active)).equals(parseCertificate(firstOf(intermediatePem))));
      const csr = await request({ uri: serviceUri });
      assertLeaf(await secondary.sign(csr), csr, active, chainPem);
    },
  },
  {
    title: "a secondary without an intermediate signs nothing and says that it is not initialised",
    async run(bench) {
      const secondary = await bench.provider(false);
      await assert.rejects(secondary.sign(await request({ uri: serviceUri })), {
        code: "ca-not-initialized",
      });
    },
  },
  {
    title: "a secondary's next intermediate takes the place of the one before",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const secondary = await bench.provider(false);
      await adopt(secondary, ca, chainPem);
      const first = await secondary.activeLeafSigningCert();
      await adopt(secondary, ca, chainPem);
      const second = await secondary.activeLeafSigningCert();
      assert.notEqual(second, first);
      const csr = await request({ uri: serviceUri });
      assertLeaf(await secondary.sign(csr), csr, second, chainPem);
    },
  },
  {
    title: "signed intermediates are CAs for leafs only, with the cluster's URI",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      for (const csr of [
        await request({ uri: signingUri }),
        await request({ uri: signingUri, isCa: true }),
      ]) {
        const leaf = parseCertificate(firstOf(await ca.signIntermediate(csr)));
        assert.equal(leaf.isCa, true);
        assert.equal(leaf.pathLength, 0);
        assert.deepEqual(leaf.subjectAltNames.uris, [signingUri]);
        verifyChain({ leaf, anchors: parseCertificates(chainPem), at: new Date() });
      }
    },
  },
  {
    title: "a request for an intermediate of another cluster is refused",
    async run(bench) {
      const { ca } = await primaryOf(bench);
      const csr = await request({ uri: "spiffe://99999999-2222-3333-4444-555555555555.consul" });
      await assert.rejects(ca.signIntermediate(csr), {
        code: "ca-request-invalid",
        message: /^incoming CSR domain "spiffe:\/\/9.*" is not valid for our domain "spiffe:\/\/1/,
      });
    },
  },
  {
    title: "a request for an intermediate that is not signed by its key is refused",
    async run(bench) {
      const { ca } = await primaryOf(bench);
      const forged = Uint8Array.from((await request({ uri: signingUri })).raw);
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
      await assert.rejects(ca.signIntermediate(parseCertificateRequest(forged)), {
        code: "ca-request-invalid",
        message: /^CSR is not signed by its key: /,
      });
    },
  },
  {
    title: "an intermediate below another root, or without the cluster's URI, is refused and changes nothing",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const secondary = await bench.provider(false);
      await adopt(secondary, ca, chainPem);
      const active = await secondary.activeLeafSigningCert();
      const { csrPem, opaque } = await secondary.generateIntermediateCsr();
      const csr = parseCertificateRequest(csrPem);
      const refused = { code: "ca-intermediate-invalid" };
      const stranger = await strangerCa();
      const signed = await ca.signIntermediate(csr);
      await assert.rejects(secondary.setIntermediate(signed, stranger.root.toPem(), opaque), refused);
      const nameless = await stranger.sign(csr, []);
      await assert.rejects(secondary.setIntermediate(nameless.toPem(), stranger.root.toPem(), opaque), {
        ...refused,
        message: /^incoming intermediate cert has unexpected number of URIs: 0/,
      });
      await assert.rejects(secondary.setIntermediate("", chainPem, opaque), refused);
      assert.equal(await secondary.activeLeafSigningCert(), active);
    },
  },
  {
    title: "another CA is cross-signed as it is, and verifies under ours",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      assert.equal(await ca.supportsCrossSigning(), true);
      const other = parseCertificate(firstOf((await primaryOf(bench)).chainPem));
      const crossed = parseCertificate(firstOf(await ca.crossSignCa(other)));
      assert.deepEqual(crossed.subject.raw, other.subject.raw);
      assert.deepEqual(crossed.subjectAltNames, other.subjectAltNames);
      assert.deepEqual(crossed.subjectKeyId, other.subjectKeyId);
      assert.deepEqual(crossed.publicKeySpki, other.publicKeySpki);
      assert.deepEqual(crossed.authorityKeyId, parseCertificate(firstOf(chainPem)).subjectKeyId);
      verifyChain({ leaf: crossed, anchors: parseCertificates(chainPem), at: new Date() });
    },
  },
  {
    title: "each role refuses what only the other does, in upstream's words",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      const secondary = await bench.provider(false);
      await assert.rejects(secondary.generateCaChain(), {
        code: "ca-not-primary",
        message: /^provider is not the root certificate authority/,
      });
      await assert.rejects(ca.generateIntermediateCsr(), {
        code: "ca-is-primary",
        message: /^provider is the root certificate authority, cannot generate an intermediate CSR/,
      });
      await assert.rejects(ca.setIntermediate(chainPem, chainPem, ""), {
        code: "ca-is-primary",
        message: /^cannot set an intermediate using another root in the primary datacenter/,
      });
    },
  },
  {
    title: "a primary that signs leafs with an intermediate makes new ones, which are active at once",
    async run(bench) {
      const { ca, chainPem } = await primaryOf(bench);
      if (!(await ca.primaryUsesIntermediate())) {
        assert.equal(await ca.activeLeafSigningCert(), chainPem);
        return;
      }
      const before = await ca.activeLeafSigningCert();
      const renewed = await ca.generateLeafSigningCert();
      assert.notEqual(renewed, before);
      assert.equal(await ca.activeLeafSigningCert(), renewed);
    },
  },
  {
    title: "state is texts or nothing, and stopping twice does no harm",
    async run(bench) {
      const { ca } = await primaryOf(bench);
      for (const value of Object.values((await ca.state()) ?? {})) assert.equal(typeof value, "string");
      await ca.stop();
      await ca.stop();
    },
  },
];

/** A primary that is ready to sign. */
async function primaryOf(bench: ContractBench): Promise<{ ca: CaProvider; chainPem: string }> {
  const ca = await bench.provider(true);
  const chainPem = await ca.generateCaChain();
  if (await ca.primaryUsesIntermediate()) await ca.generateLeafSigningCert();
  return { ca, chainPem };
}

/** Gives a secondary an intermediate that the primary signs. */
async function adopt(secondary: CaProvider, primary: CaProvider, chainPem: string): Promise<string> {
  const { csrPem, opaque } = await secondary.generateIntermediateCsr();
  const signed = await primary.signIntermediate(parseCertificateRequest(csrPem));
  await secondary.setIntermediate(signed, chainPem, opaque);
  return signed;
}

function assertLeaf(pem: string, csr: CertificateRequest, signerPem: string, chainPem: string): void {
  assert.ok(pem.endsWith("-----END CERTIFICATE-----\n"));
  const leaf = parseCertificate(pem);
  assert.equal(leaf.isCa, false);
  assert.deepEqual(leaf.subjectAltNames.uris, csr.subjectAltNames.uris);
  assert.deepEqual(leaf.publicKeySpki, csr.publicKeySpki);
  const signer = parseCertificate(firstOf(signerPem));
  assert.deepEqual(leaf.authorityKeyId, signer.subjectKeyId);
  verifyChain({
    leaf,
    intermediates: [signer],
    anchors: parseCertificates(chainPem),
    at: new Date(),
    extKeyUsage: ["serverAuth"],
  });
}

async function request(wanted: { uri: string; isCa?: boolean }): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCertificateRequest({
    key: privateKey,
    subjectAltNames: { uris: [wanted.uri] },
    ...(wanted.isCa === true ? { basicConstraints: { ca: true } } : {}),
  });
}

/** A CA that has nothing to do with any provider. */
async function strangerCa(): Promise<{
  root: Certificate;
  sign(csr: CertificateRequest, uris: string[]): Promise<Certificate>;
}> {
  const { privateKey: key } = await generateKey({ type: "ec", curve: "P-256" });
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const asCa = { ...validity, basicConstraints: { ca: true }, keyUsage: ["certSign"] as const };
  const subject = { commonName: "stranger" };
  const root = await createCertificate({ ...asCa, subject, publicKey: key, issuer: { key } });
  return {
    root,
    sign: (csr, uris) =>
      createCertificate({
        ...asCa,
        subject: { commonName: "intermediate" },
        publicKey: csr,
        issuer: { certificate: root, key },
        subjectAltNames: { uris },
      }),
  };
}

function firstOf(pem: string): string {
  return parseCertificates(pem)[0]?.toPem() ?? assert.fail("no certificate");
}
