// What @peculiar/x509 needs before it is loaded: decorators' metadata.
import "@abraham/reflection";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import {
  createCertificateRequestSync,
  keyId,
  parseCertificate,
  parseCertificateRequest,
  parsePrivateKey,
  verifyChain,
} from "@drawbar/x509";
import * as peculiar from "@peculiar/x509";
import { issueCa, issueLeaf, later, now } from "./samples.ts";

peculiar.cryptoProvider.set(webcrypto as unknown as Crypto);

test("@peculiar/x509 reads and verifies what we make, and sees in it what we see", async () => {
  const root = issueCa("root");
  const middle = issueCa("", root, { subject: {} });
  const leaf = issueLeaf(middle).certificate;
  const [theirRoot, theirMiddle, theirLeaf] = [root.certificate, middle.certificate, leaf].map(
    ({ raw }) => new peculiar.X509Certificate(Uint8Array.from(raw)),
  ) as [peculiar.X509Certificate, peculiar.X509Certificate, peculiar.X509Certificate];
  assert.equal(theirRoot.subject, "CN=root");
  assert.equal(BigInt(`0x${theirLeaf.serialNumber}`), leaf.serialNumber);
  assert.equal(theirLeaf.notAfter.getTime(), leaf.notAfter.getTime());
  const names = theirLeaf.getExtension(peculiar.SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  assert.deepEqual(
    names.map(({ type, value }) => `${type}:${value}`),
    ["dns:localhost", "dns:*.example.com", "ip:127.0.0.1", "ip:::1", `url:${leaf.subjectAltNames.uris[0]}`],
  );
  assert.equal(await theirLeaf.verify({ publicKey: theirMiddle, date: now }), true);
  assert.equal(await theirMiddle.verify({ publicKey: theirRoot, date: now }), true);
  assert.equal(await theirLeaf.verify({ publicKey: theirRoot, date: now }), false);
  const request = createCertificateRequestSync({ key: root.key, subject: { commonName: "x" } });
  assert.equal(await new peculiar.Pkcs10CertificateRequest(Uint8Array.from(request.raw)).verify(), true);
});

test("we read and verify what @peculiar/x509 makes", async () => {
  for (const namedCurve of ["P-256", "P-384", "P-521"]) {
    const algorithm = { name: "ECDSA", namedCurve, hash: "SHA-256" };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const made = await peculiar.X509CertificateGenerator.createSelfSigned({
      serialNumber: "0123456789",
      name: "CN=root, O=Test, C=DE",
      notBefore: later(-60),
      notAfter: later(60),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new peculiar.BasicConstraintsExtension(true, 2, true),
        new peculiar.KeyUsagesExtension(peculiar.KeyUsageFlags.keyCertSign, true),
        new peculiar.ExtendedKeyUsageExtension([peculiar.ExtendedKeyUsage.clientAuth]),
        await peculiar.SubjectKeyIdentifierExtension.create(keys.publicKey),
        new peculiar.SubjectAlternativeNameExtension([
          { type: "url", value: "spiffe://a.consul" },
          { type: "dns", value: "a.b" },
        ]),
      ],
    });
    const read = parseCertificate(new Uint8Array(made.rawData));
    read.checkSignature(read.publicKey);
    assert.equal(read.serialNumber, 0x123456789n);
    assert.equal(read.pathLength, 2);
    assert.deepEqual(read.keyUsage, ["certSign"]);
    assert.deepEqual(read.subjectAltNames, {
      uris: ["spiffe://a.consul"],
      dnsNames: ["a.b"],
      ipAddresses: [],
      emails: [],
    });
    assert.deepEqual(read.subjectKeyId, keyId(read, "sha1"));
    const key = parsePrivateKey(new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)));
    const leaf = issueLeaf({ certificate: read, key }).certificate;
    assert.equal(verifyChain({ leaf, anchors: [read], at: now, extKeyUsage: ["clientAuth"] }).length, 2);
    const request = await peculiar.Pkcs10CertificateRequestGenerator.create({
      name: "CN=web",
      keys,
      signingAlgorithm: algorithm,
      extensions: [new peculiar.SubjectAlternativeNameExtension([{ type: "dns", value: "a.b" }])],
      attributes: [new peculiar.ChallengePasswordAttribute("secret")],
    });
    const readRequest = parseCertificateRequest(new Uint8Array(request.rawData));
    readRequest.checkSignature();
    assert.deepEqual(readRequest.subjectAltNames.dnsNames, ["a.b"]);
    assert.equal(readRequest.attributes.length, 2);
  }
});
