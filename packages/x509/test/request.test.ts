import assert from "node:assert/strict";
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

test("a request that somebody else's key signed does not check", () => {
  const made = createCertificateRequestSync({ key, subjectAltNames: { uris } });
  const bytes = Uint8Array.from(made.raw);
  const at = Buffer.from(bytes).indexOf("/svc/web") + 5;
  bytes[at] = "x".charCodeAt(0);
  const forged = parseCertificateRequest(bytes);
  assert.deepEqual(forged.subjectAltNames.uris, ["spiffe://1.consul/ns/default/dc/dc1/svc/xeb"]);
  assert.throws(() => forged.checkSignature(), { name: "X509Error", code: "bad_signature" });
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
