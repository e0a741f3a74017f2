import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  createCertificateRequestSync,
  keyKind,
  parseCertificate,
  parseCertificateRequest,
  parsePrivateKey,
  privateKeyToPem,
  type SignatureAlgorithm,
  spkiOf,
  verifyChain,
} from "@drawbar/x509";
import { OpenSsl } from "./openssl.ts";
import { caKeys, issueCa, issueLeaf } from "./samples.ts";

const openssl = new OpenSsl();
after(() => openssl.remove());

test("OpenSSL reads and verifies the chains that we make, for every kind of CA key", () => {
  for (const [index, key] of caKeys.entries()) {
    const root = issueCa("root", undefined, {}, key);
    const middle = issueCa("middle", root, { basicConstraints: { ca: true, pathLength: 0 } }, key);
    const leaf = issueLeaf(middle);
    const [rootFile, middleFile, leafFile] = [root, middle, leaf].map(({ certificate }, position) =>
      openssl.file(`chain-${index}-${position}.pem`, certificate.toPem()),
    ) as [string, string, string];
    const at = ["-attime", String(Date.parse("2026-06-01T12:00:00Z") / 1000)];
    assert.match(
      openssl.run("verify", ...at, "-x509_strict", "-CAfile", rootFile, "-untrusted", middleFile, leafFile),
      /: OK/,
    );
    assert.match(openssl.run("verify", ...at, "-partial_chain", "-trusted", middleFile, leafFile), /: OK/);
    const text = openssl.run("x509", "-in", leafFile, "-noout", "-text");
    assert.match(
      text,
      /Subject Alternative Name: critical\n\s+DNS:localhost, DNS:\*\.example\.com, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1, URI:spiffe:/,
    );
    assert.match(text, /Digital Signature, Key Encipherment, Data Encipherment, Key Agreement/);
    assert.match(text, /Basic Constraints: critical\n\s+CA:FALSE/);
  }
});

test("OpenSSL reads our requests and verifies their proof of possession", () => {
  for (const [index, key] of caKeys.entries()) {
    const { key: privateKey } = issueCa("root", undefined, {}, key);
    const request = createCertificateRequestSync({
      key: privateKey,
      subject: { commonName: "web" },
      subjectAltNames: { dnsNames: ["a.b"] },
    });
    const file = openssl.file(`request-${index}.pem`, request.toPem());
    assert.match(openssl.run("req", "-in", file, "-noout", "-verify", "-text"), /DNS:a\.b/);
  }
});

test("keys cross both ways in SEC1, PKCS#1 and PKCS#8", () => {
  for (const curve of ["secp224r1", "prime256v1", "secp384r1", "secp521r1"]) {
    openssl.run("ecparam", "-name", curve, "-genkey", "-noout", "-out", `${curve}.pem`);
    checkKey(curve, "sec1");
  }
  openssl.run("genrsa", "-traditional", "-out", "rsa.pem", "2048");
  checkKey("rsa", "pkcs1");
});

function checkKey(name: string, format: "sec1" | "pkcs1"): void {
  const pem = Buffer.from(openssl.read(`${name}.pem`)).toString();
  const key = parsePrivateKey(pem);
  assert.equal(privateKeyToPem(key, format), pem);
  openssl.run("pkcs8", "-topk8", "-nocrypt", "-in", `${name}.pem`, "-out", `${name}.p8`);
  const pkcs8 = Buffer.from(openssl.read(`${name}.p8`)).toString();
  assert.deepEqual(spkiOf(parsePrivateKey(pkcs8)), spkiOf(key));
  assert.equal(
    openssl.run("pkey", "-in", openssl.file("ours.p8", privateKeyToPem(key, "pkcs8")), "-pubout"),
    openssl.run("pkey", "-in", `${name}.pem`, "-pubout"),
  );
}

const signers: readonly (readonly [string, readonly string[], SignatureAlgorithm])[] = [
  ["ec", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha512"], "ecdsa-sha512"],
  ["rsa", ["-newkey", "rsa:2048", "-sha384"], "rsa-sha384"],
  [
    "pss",
    [
      "-newkey",
      "rsa:2048",
      "-sha256",
      "-sigopt",
      "rsa_padding_mode:pss",
      "-sigopt",
      "rsa_pss_saltlen:digest",
    ],
    "rsa-pss-sha256",
  ],
  ["ed25519", ["-newkey", "ed25519"], "ed25519"],
];

for (const [name, options, algorithm] of signers) {
  test(`we read and verify what OpenSSL makes, signed with ${algorithm}`, () => {
    openssl.run(
      "req",
      "-x509",
      "-nodes",
      ...options,
      "-keyout",
      `${name}-key.pem`,
      "-out",
      `${name}.pem`,
      "-days",
      "30",
      "-subj",
      "/C=DE/O=Ünion & Co/OU=a+OU=b/CN=root",
      "-utf8",
      "-addext",
      "keyUsage=critical,keyCertSign,cRLSign",
      "-addext",
      "subjectAltName=URI:spiffe://a/b,DNS:x.y,IP:::1,email:a@b",
      "-addext",
      "certificatePolicies=1.2.3.4",
      "-addext",
      "crlDistributionPoints=URI:http://a/crl",
    );
    const read = parseCertificate(Buffer.from(openssl.read(`${name}.pem`)).toString());
    assert.equal(read.signatureAlgorithm, algorithm);
    assert.deepEqual(read.subject.values("organization"), ["Ünion & Co"]);
    assert.deepEqual(read.subjectAltNames, {
      uris: ["spiffe://a/b"],
      dnsNames: ["x.y"],
      ipAddresses: ["::1"],
      emails: ["a@b"],
    });
    assert.deepEqual(read.keyUsage, ["certSign", "crlSign"]);
    assert.equal(read.isCa, true);
    read.checkSignature(read.publicKey);
    const key = parsePrivateKey(Buffer.from(openssl.read(`${name}-key.pem`)).toString());
    assert.deepEqual(keyKind(key), read.publicKeyKind);
    const leaf = issueLeaf(
      { certificate: read, key },
      { notBefore: read.notBefore, notAfter: read.notAfter },
    );
    assert.equal(verifyChain({ leaf: leaf.certificate, anchors: [read], at: read.notAfter }).length, 2);
    openssl.run(
      "req",
      "-new",
      "-key",
      `${name}-key.pem`,
      "-subj",
      "/CN=web",
      "-out",
      `${name}.csr`,
      "-addext",
      "subjectAltName=DNS:a.b",
    );
    const request = parseCertificateRequest(Buffer.from(openssl.read(`${name}.csr`)).toString());
    request.checkSignature();
    assert.deepEqual(request.subjectAltNames.dnsNames, ["a.b"]);
  });
}
