import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { test } from "node:test";
import {
  createCertificateRequest,
  createCertificateRequestSync,
  extensionOids,
  generateKeySync,
  parseCertificateRequest,
  spkiOf,
} from "@drawbar/x509";

const { privateKey: key } = generateKeySync({ type: "ec", curve: "P-256" });
const uris = ["spiffe://1.consul/ns/default/dc/dc1/svc/web"];

test("everything that is put into a request is read back from it, and it proves its key", async () => {
  const options = {
    key,
    subjectAltNames: { uris, dnsNames: ["a.b"], ipAddresses: ["::1"], emails: ["x@y"] },
    keyUsage: ["certSign"],
    extKeyUsage: ["clientAuth"],
  } as const;
  for (const made of [createCertificateRequestSync(options), await createCertificateRequest(options)]) {
    const read = parseCertificateRequest(made.toPem());
    assert.deepEqual(read.raw, made.raw);
    read.checkSignature();
    await parseCertificateRequest(made.raw).checkSignatureAsync();
    assert.deepEqual(read.publicKeySpki, spkiOf(key));
    assert.deepEqual(read.subjectAltNames, options.subjectAltNames);
    assert.deepEqual(read.keyUsage, ["certSign"]);
    assert.deepEqual(read.extKeyUsage, ["clientAuth"]);
    assert.equal(read.isCa, false);
    assert.equal(read.subject.isEmpty, true);
  }
});

test("alternative names of a request are critical if and only if it has no subject", () => {
  const critical = (subject: { commonName: string } | undefined): boolean | undefined =>
    createCertificateRequestSync({ key, subject, subjectAltNames: { uris } }).extension(
      extensionOids.subjectAltName,
    )?.critical;
  assert.equal(critical(undefined), true);
  assert.equal(critical({ commonName: "web" }), false);
});

test("a request for a CA says so", () => {
  const read = parseCertificateRequest(
    createCertificateRequestSync({ key, basicConstraints: { ca: true } }).raw,
  );
  assert.equal(read.isCa, true);
  assert.equal(read.pathLength, undefined);
});

test("a request without extensions still has its attributes, empty", () => {
  const read = parseCertificateRequest(
    createCertificateRequestSync({ key, subject: { commonName: "x" } }).raw,
  );
  assert.deepEqual(read.attributes, []);
  assert.deepEqual(read.extensions, []);
  assert.equal(read.subject.commonName, "x");
});

test("a request that somebody else's key signed does not check", async () => {
  const made = createCertificateRequestSync({ key, subjectAltNames: { uris } });
  const bytes = Uint8Array.from(made.raw);
  const at = Buffer.from(bytes).indexOf("/svc/web") + 5;
  bytes[at] = "x".charCodeAt(0);
  const forged = parseCertificateRequest(bytes);
  assert.deepEqual(forged.subjectAltNames.uris, ["spiffe://1.consul/ns/default/dc/dc1/svc/xeb"]);
  const message = "the signature of the certificate request is not by this key";
  // A second time, too: only what has passed is remembered.
  for (let time = 0; time < 2; time++) {
    assert.throws(() => forged.checkSignature(), { name: "X509Error", code: "bad_signature", message });
    await assert.rejects(forged.checkSignatureAsync(), { name: "X509Error", code: "bad_signature", message });
  }
});

test("a request signed with an algorithm that its key cannot make does not check, in either way", async () => {
  const made = createCertificateRequestSync({ key, subjectAltNames: { uris } });
  // ecdsa-with-SHA256 becomes ecdsa-with-SHA1, which stands for nothing here.
  const bytes = Uint8Array.from(made.raw);
  const at = Buffer.from(bytes).lastIndexOf(Buffer.from("06082a8648ce3d040302", "hex"));
  bytes.set(Buffer.from("06082a8648ce3d040101", "hex"), at);
  const weak = parseCertificateRequest(bytes);
  const refused = { code: "unsupported_signature_algorithm", message: /unknown or too weak/ };
  assert.throws(() => weak.checkSignature(), refused);
  await assert.rejects(weak.checkSignatureAsync(), refused);
});

test("a request that has passed is not checked again", async (t) => {
  const { raw } = createCertificateRequestSync({ key, subjectAltNames: { uris } });
  const verify = t.mock.method(crypto, "verify");
  syncBuiltinESMExports();
  try {
    for (const first of ["checkSignature", "checkSignatureAsync"] as const) {
      verify.mock.resetCalls();
      const request = parseCertificateRequest(raw);
      await request[first]();
      request.checkSignature();
      await request.checkSignatureAsync();
      assert.equal(verify.mock.callCount(), 1);
    }
  } finally {
    verify.mock.restore();
    syncBuiltinESMExports();
  }
});

test("a certificate is not a request", () => {
  assert.throws(
    () => parseCertificateRequest("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
    {
      code: "malformed_pem",
      message: /is CERTIFICATE, expected CERTIFICATE REQUEST/,
    },
  );
});
