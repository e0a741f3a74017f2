import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createCertificateSync, generateKeySync, privateKeyToPem } from "@drawbar/x509";
import { VaultClient } from "./vault-client.ts";
import type { VaultTls } from "./vault-tls.ts";

const { privateKey: caKey } = generateKeySync({ type: "ec", curve: "P-256" });
const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
const ca = createCertificateSync({
  ...validity,
  subject: { commonName: "test CA" },
  publicKey: caKey,
  issuer: { key: caKey },
  basicConstraints: { ca: true },
  keyUsage: ["certSign"],
});

function issue(dnsName: string): { cert: string; key: string } {
  const { privateKey } = generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = createCertificateSync({
    ...validity,
    subject: { commonName: dnsName },
    publicKey: privateKey,
    issuer: { certificate: ca, key: caKey },
    subjectAltNames: { dnsNames: [dnsName] },
  });
  return { cert: certificate.toPem(), key: privateKeyToPem(privateKey) };
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "vault-tls-"));
  const client = issue("client");
  await writeFile(join(folder, "ca.pem"), ca.toPem());
  await writeFile(join(folder, "client.pem"), client.cert);
  await writeFile(join(folder, "client-key.pem"), client.key);
  await writeFile(join(folder, "other.pem"), issue("other").cert);
});
after(() => rm(folder, { recursive: true }));

async function readFrom(options: ServerOptions, tls: VaultTls): Promise<unknown> {
  const server = createServer({ ...issue("vault.example"), ...options }, (_, response) => {
    response.end('{"data":{"secure":true}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    using client = await VaultClient.create({ address, token: "s.token", tls, retry: { maxRetries: 0 } });
    return (await client.read("x"))?.data;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const pem = (name: string): string => join(folder, name);

test("TestVaultCAProvider_VaultTLSConfig: a Vault is trusted by CA file and server name", async () => {
  const tls = { caFile: pem("ca.pem"), serverName: "vault.example" };
  assert.deepEqual(await readFrom({}, tls), { secure: true });
});

test("TestVaultCAProvider_VaultTLSConfig: a folder of CAs is trusted as well", async () => {
  const cas = await mkdtemp(join(folder, "cas-"));
  await writeFile(join(cas, "one.pem"), ca.toPem());
  assert.deepEqual(await readFrom({}, { caPath: cas, serverName: "vault.example" }), { secure: true });
});

test("TestVaultCAProvider_VaultTLSConfig: our certificate is shown to a Vault that asks for it", async () => {
  const strict = { requestCert: true, rejectUnauthorized: true, ca: ca.toPem() };
  const tls = { caFile: pem("ca.pem"), serverName: "vault.example" };
  const certificate = { certFile: pem("client.pem"), keyFile: pem("client-key.pem") };
  assert.deepEqual(await readFrom(strict, { ...tls, ...certificate }), { secure: true });
  await assert.rejects(readFrom(strict, tls), { name: "VaultError" });
});

test("TestVaultCAProvider_VaultTLSConfig: another CA, another name, and a Vault that nobody vouches for are refused with a hint", async () => {
  const cases: VaultTls[] = [
    { caFile: pem("other.pem"), serverName: "vault.example" },
    { caFile: pem("ca.pem"), serverName: "other.example" },
    {},
  ];
  for (const tls of cases) {
    await assert.rejects(readFrom({}, tls), {
      code: "vault-tls",
      message:
        /^no trusted TLS connection for GET x at https:.*\(check CAFile, TLSServerName and CertFile\)$/s,
    });
  }
});

test("TestVaultCAProvider_VaultTLSConfig: verification can be skipped", async () => {
  assert.deepEqual(await readFrom({}, { skipVerify: true }), { secure: true });
});

test("TestVaultCAProvider_VaultTLSConfig: a certificate and a key that do not belong together are refused at once", async () => {
  const tls = { certFile: pem("other.pem"), keyFile: pem("client-key.pem") };
  await assert.rejects(readFrom({}, tls), {
    code: "vault-option-invalid",
    message: /^the TLS files cannot be used: /,
  });
});
