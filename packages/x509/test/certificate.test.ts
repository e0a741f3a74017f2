import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import {
  type CertificateOptions,
  createCertificate,
  createCertificateSync,
  extensionOids,
  generateKeySync,
  keyId,
  parseCertificate,
  parseCertificates,
  type SignatureAlgorithm,
} from "@drawbar/x509";
import { authority, later, leaf, now } from "./support.ts";

const root = authority("root");

test("everything that is put into a certificate is read back from it", () => {
  const made = leaf(root, {
    subject: { commonName: 'web, with "commas"', organization: ["A", "Ü"], country: "DE" },
    serialNumber: 0x1234567890abcdefn,
    subjectKeyId: Uint8Array.of(1, 2, 3),
    extKeyUsage: ["serverAuth", "1.2.3.4"],
    subjectAltNames: {
      uris: ["spiffe://1.consul/a", "https://b/"],
      dnsNames: ["*.example.com", "localhost"],
      ipAddresses: ["127.0.0.1", "2001:db8::1"],
      emails: ["a@b"],
    },
  }).certificate;
  const read = parseCertificate(made.toPem());
  assert.deepEqual(read.raw, made.raw);
  assert.equal(read.version, 3);
  assert.equal(read.serialNumber, 0x1234567890abcdefn);
  assert.equal(read.subject.commonName, 'web, with "commas"');
  assert.deepEqual(read.subject.values("organization"), ["A", "Ü"]);
  assert.equal(read.subject.toString(), 'CN=web\\, with \\"commas\\",O=Ü,O=A,C=DE');
  assert.deepEqual(read.issuer.raw, root.certificate.subject.raw);
  assert.equal(read.notBefore.getTime(), later(-60).getTime());
  assert.equal(read.notAfter.getTime(), later(600).getTime());
  assert.deepEqual(read.subjectAltNames, {
    uris: ["spiffe://1.consul/a", "https://b/"],
    dnsNames: ["*.example.com", "localhost"],
    ipAddresses: ["127.0.0.1", "2001:db8::1"],
    emails: ["a@b"],
  });
  assert.deepEqual(read.extKeyUsage, ["serverAuth", "1.2.3.4"]);
  assert.deepEqual(read.keyUsage, [
    "digitalSignature",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
  ]);
  assert.deepEqual([...(read.subjectKeyId ?? [])], [1, 2, 3]);
  assert.equal(read.isCa, false);
  assert.equal(read.signatureAlgorithm, "ecdsa-sha256");
  assert.equal(read.publicKeyKind.type, "ec");
  read.checkSignature(root.certificate.publicKey);
  assert.equal(
    read.fingerprint("sha1"),
    new X509Certificate(made.raw).fingerprint.replaceAll(":", "").toLowerCase(),
  );
});

test("the authority key id is the parent's subject key id, whatever is asked for (as in Go)", () => {
  const asked = Uint8Array.of(9, 9);
  const made = leaf(root, { authorityKeyId: asked }).certificate;
  assert.deepEqual(made.authorityKeyId, root.certificate.subjectKeyId);
});

test("the authority key id is as asked for where issuer and subject are the same name (as in Go)", () => {
  const asked = Uint8Array.of(9, 9);
  assert.deepEqual(
    [...(authority("self", undefined, { authorityKeyId: asked }).certificate.authorityKeyId ?? [])],
    [9, 9],
  );
  assert.equal(root.certificate.authorityKeyId, undefined);
  const renewed = authority("root", root, { authorityKeyId: asked }).certificate;
  assert.deepEqual([...(renewed.authorityKeyId ?? [])], [9, 9]);
});

test("alternative names are critical if and only if there is no subject", () => {
  const critical = (options: Partial<CertificateOptions>): boolean | undefined =>
    leaf(root, options).certificate.extension(extensionOids.subjectAltName)?.critical;
  assert.equal(critical({}), true);
  assert.equal(critical({ subject: {} }), true);
  assert.equal(critical({ subject: { commonName: "web" } }), false);
});

test("basicConstraints and keyUsage are critical, the others are not", () => {
  const { extensions } = leaf(root, {
    subjectKeyId: Uint8Array.of(1),
    subject: { commonName: "web" },
  }).certificate;
  assert.deepEqual(
    extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
    [extensionOids.keyUsage, extensionOids.basicConstraints],
  );
  assert.equal(extensions.length, 6);
});

test("a CA gets a subject key id by itself, a leaf does not", () => {
  assert.deepEqual(root.certificate.subjectKeyId, keyId(root.certificate, "sha256-160"));
  assert.equal(leaf(root).certificate.subjectKeyId, undefined);
});

test("path lengths of 0 and more are kept apart from none", () => {
  assert.equal(root.certificate.pathLength, undefined);
  for (const pathLength of [0, 1, 300]) {
    assert.equal(
      authority("ca", root, { basicConstraints: { ca: true, pathLength } }).certificate.pathLength,
      pathLength,
    );
  }
});

test("raw extensions are kept, and take the place of computed ones of their kind", () => {
  const unknown = { oid: "1.3.6.1.4.1.99999.1", critical: false, value: Uint8Array.of(5, 0) };
  const noUsage = { oid: extensionOids.keyUsage, critical: false, value: Uint8Array.of(3, 2, 7, 128) };
  const made = leaf(root, { extraExtensions: [unknown, noUsage] }).certificate;
  assert.deepEqual(made.extension(unknown.oid), unknown);
  assert.deepEqual(made.keyUsage, ["digitalSignature"]);
  assert.equal(made.extensions.filter(({ oid }) => oid === extensionOids.keyUsage).length, 1);
  const broken = { oid: extensionOids.keyUsage, critical: false, value: Uint8Array.of(1) };
  assert.throws(() => leaf(root, { extraExtensions: [broken] }), { code: "malformed_der" });
});

test("a certificate is cross-signed: subject, key, alternative names and key id kept, authority new", () => {
  const old = authority("old");
  const { certificate: given } = authority("new", undefined, {
    subjectAltNames: { uris: ["spiffe://2.consul"] },
    authorityKeyId: Uint8Array.of(7),
  });
  const crossed = createCertificateSync({
    subject: given.subject,
    publicKey: given,
    issuer: old,
    notBefore: later(-60),
    notAfter: later(60),
    extraExtensions: given.extensions.filter(({ oid }) => oid !== extensionOids.authorityKeyId),
  });
  assert.deepEqual(crossed.subject.raw, given.subject.raw);
  assert.deepEqual(crossed.subjectKeyId, given.subjectKeyId);
  assert.deepEqual(crossed.subjectAltNames, given.subjectAltNames);
  assert.deepEqual(crossed.authorityKeyId, old.certificate.subjectKeyId);
  assert.equal(crossed.isCa, true);
});

test("serial numbers are random when not given, of 20 octets and positive", () => {
  const serials = new Set(Array.from({ length: 20 }, () => leaf(root).certificate.serialNumber));
  assert.equal(serials.size, 20);
  for (const serial of serials) assert.ok(serial > 1n << 150n && serial < 1n << 159n);
});

test("each signature algorithm signs, in this thread and in the pool, and verifies with node and here", async () => {
  const keys: [Parameters<typeof authority>[3], readonly SignatureAlgorithm[]][] = [
    [{ type: "ec", curve: "P-224" }, ["ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"]],
    [{ type: "ec", curve: "P-256" }, ["ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"]],
    [{ type: "ec", curve: "P-384" }, ["ecdsa-sha384", "ecdsa-sha256"]],
    [{ type: "ec", curve: "P-521" }, ["ecdsa-sha512", "ecdsa-sha256"]],
    [
      { type: "rsa", bits: 2048 },
      ["rsa-sha256", "rsa-sha384", "rsa-sha512", "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512"],
    ],
  ];
  for (const [key, algorithms] of keys) {
    const ca = authority("ca", undefined, {}, key);
    assert.equal(ca.certificate.signatureAlgorithm, algorithms[0]);
    for (const signatureAlgorithm of algorithms) {
      const options = {
        publicKey: root.certificate,
        issuer: { certificate: ca.certificate, key: ca.key },
        notBefore: now,
        notAfter: later(1),
        signatureAlgorithm,
      };
      for (const made of [createCertificateSync(options), await createCertificate(options)]) {
        const read = parseCertificate(made.raw);
        assert.equal(read.signatureAlgorithm, signatureAlgorithm);
        read.checkSignature(ca.certificate.publicKey);
        assert.equal(new X509Certificate(made.raw).verify(ca.certificate.publicKey), true);
        assert.throws(() => read.checkSignature(root.certificate.publicKey), { code: "bad_signature" });
      }
    }
  }
});

test("options that cannot be are refused before anything is signed", () => {
  const refuses = (changes: Partial<CertificateOptions>, message: RegExp): void => {
    assert.throws(() => leaf(root, changes), { name: "X509Error", code: "invalid_option", message });
  };
  refuses({ serialNumber: 0n }, /serial number/);
  refuses({ serialNumber: -1n }, /serial number/);
  refuses({ serialNumber: 1n << 159n }, /serial number/);
  refuses({ notAfter: later(-61) }, /before notBefore/);
  refuses({ notBefore: new Date(Number.NaN) }, /years 0 and 9999/);
  refuses({ basicConstraints: { ca: false, pathLength: 0 } }, /only a CA/);
  refuses({ basicConstraints: { ca: true, pathLength: -1 } }, /path length/);
  refuses({ subjectAltNames: { uris: ["relative"] } }, /URI/);
  refuses({ subjectAltNames: { dnsNames: ["ä"] } }, /DNS name/);
  refuses({ subjectAltNames: { emails: ["a b"] } }, /email/);
  refuses({ subjectAltNames: { ipAddresses: ["1.2.3"] } }, /IP address/);
  refuses({ extKeyUsage: ["3.1"] }, /object identifier/);
  refuses({ signatureAlgorithm: "rsa-sha256" }, /needs a key of type rsa/);
  refuses({ subject: { commonName: "\ud800" } }, /Unicode/);
  const twice = { oid: "1.2.3", critical: false, value: Uint8Array.of(5, 0) };
  refuses({ extraExtensions: [twice, twice] }, /given twice/);
});

test("a key that is not the issuer certificate's is refused", () => {
  const { privateKey } = generateKeySync({ type: "ec", curve: "P-256" });
  assert.throws(() => leaf({ certificate: root.certificate, key: privateKey }), { code: "key_mismatch" });
});

test("a bundle is read in order, and a block of another kind in it is an error", () => {
  const other = authority("other");
  const bundle = root.certificate.toPem() + other.certificate.toPem();
  assert.deepEqual(
    parseCertificates(bundle).map(({ subject }) => subject.commonName),
    ["root", "other"],
  );
  assert.throws(() => parseCertificates(`${bundle}-----BEGIN X-----\nAQID\n-----END X-----\n`), {
    code: "malformed_pem",
    message: /is X, expected CERTIFICATE/,
  });
  assert.throws(() => parseCertificate(bundle), { code: "malformed_pem", message: /found another/ });
});

test("bytes after a certificate, and more bytes than the limit, are refused", () => {
  const { raw } = root.certificate;
  assert.throws(() => parseCertificate(Uint8Array.from([...raw, 0])), {
    code: "malformed_der",
    message: /too many/,
    facts: { what: "certificate", offset: raw.length },
  });
  assert.throws(() => parseCertificate(raw, { derBytes: 100 }), { code: "limit_exceeded" });
  assert.throws(() => parseCertificate(raw, { items: 2 }), { code: "limit_exceeded" });
  assert.throws(() => parseCertificate(raw, { depth: 2 }), { code: "limit_exceeded" });
});

test("a certificate does not change when the caller's bytes do", () => {
  const bytes = Buffer.from(root.certificate.raw);
  const read = parseCertificate(bytes);
  bytes.fill(0);
  assert.ok(read.equals(root.certificate));
});
