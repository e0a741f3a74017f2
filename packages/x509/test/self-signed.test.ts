import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { connect, createServer } from "node:tls";
import { createCertificateSync, parseCertificate, parsePrivateKey, spkiOf, verifyChain } from "@drawbar/x509";
import { selfSigned } from "@drawbar/x509/self-signed";

test("the certificate of AutoMTLS is byte for byte what createCertificate makes of go-plugin's template", () => {
  for (const curve of ["P-256", "P-521"] as const) {
    const made = selfSigned({ curve, dnsNames: ["localhost", "other"] });
    const read = parseCertificate(made.certificatePem);
    const same = createCertificateSync({
      subject: { commonName: "localhost", organization: "HashiCorp" },
      publicKey: made.privateKey,
      issuer: { key: made.privateKey },
      serialNumber: read.serialNumber,
      notBefore: read.notBefore,
      notAfter: read.notAfter,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyAgreement", "certSign"],
      extKeyUsage: ["clientAuth", "serverAuth"],
      basicConstraints: { ca: true },
      subjectAltNames: { dnsNames: ["localhost", "other"] },
    });
    assert.deepEqual(read.signedBytes, same.signedBytes);
    assert.deepEqual(read.raw, made.certificateDer);
    read.checkSignature(read.publicKey);
    assert.deepEqual(spkiOf(parsePrivateKey(made.privateKeyPem)), read.publicKeySpki);
  }
});

test("it is P-521, for localhost, from 30 seconds ago to 262980 hours from now, unless told otherwise", () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const read = parseCertificate(selfSigned().certificateDer);
  const after = Date.now();
  assert.deepEqual(read.publicKeyKind, { type: "ec", curve: "P-521" });
  assert.deepEqual(read.subjectAltNames.dnsNames, ["localhost"]);
  assert.ok(read.notBefore.getTime() >= before - 30_000 && read.notBefore.getTime() <= after - 30_000);
  assert.ok(
    read.notAfter.getTime() >= before + 262_980 * 3_600_000 &&
      read.notAfter.getTime() <= after + 262_980 * 3_600_000,
  );
  assert.equal(
    verifyChain({ leaf: read, anchors: [read], at: new Date(), extKeyUsage: ["clientAuth"] }).length,
    1,
  );
  const other = parseCertificate(
    selfSigned({ curve: "P-256", commonName: "x", organization: "Ö" }).certificateDer,
  );
  assert.equal(other.subject.toString(), "CN=x,O=Ö");
  assert.deepEqual(other.subjectAltNames.dnsNames, ["x"]);
});

test("two sides that trust each other's certificate complete mutual TLS", async () => {
  for (const curve of ["P-256", "P-521"] as const) {
    const [server, client] = [selfSigned({ curve }), selfSigned({ curve })];
    const listener = createServer(
      {
        cert: server.certificatePem,
        key: server.privateKeyPem,
        ca: client.certificatePem,
        requestCert: true,
        rejectUnauthorized: true,
      },
      (socket) => socket.end("hello"),
    );
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as { port: number };
    const socket = connect({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ca: server.certificatePem,
      cert: client.certificatePem,
      key: client.privateKeyPem,
    });
    const [data] = await once(socket, "data");
    assert.equal(String(data), "hello");
    assert.equal(socket.authorized, true);
    socket.destroy();
    listener.close();
  }
});
