import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Certificate,
  createCertificateRequestSync,
  createCertificateSync,
  generateKeySync,
  type KeyUsage,
  keyId,
  parseCertificate,
  parseCertificateRequest,
  parsePrivateKey,
  privateKeyToPem,
  spkiOf,
} from "@drawbar/x509";
import { base64, fromBase64, type GoAnswer, GoPeer } from "./go-peer.ts";
import { caKeys, issueCa, issueLeaf, keyOf, later } from "./samples.ts";

let go: GoPeer;
before(async () => {
  go = await GoPeer.start();
});
after(() => go.stop());

// Bits of Go's KeyUsage, the lowest first.
const usageBits: readonly KeyUsage[] = [
  "digitalSignature",
  "contentCommitment",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "certSign",
  "crlSign",
  "encipherOnly",
  "decipherOnly",
];
const usageNumber = (usages: readonly KeyUsage[] = []): number =>
  usages.reduce((bits, usage) => bits | (1 << usageBits.indexOf(usage)), 0);

// What we read of a certificate, in Go's words.
function described(certificate: Certificate): Partial<GoAnswer> {
  const { subjectAltNames: names } = certificate;
  const list = (values: readonly string[]): readonly string[] | null => (values.length === 0 ? null : values);
  const id = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : base64(bytes));
  return {
    version: certificate.version,
    serial: certificate.serialNumber.toString(),
    commonName: certificate.subject.commonName ?? "",
    notBefore: certificate.notBefore.getTime() / 1000,
    notAfter: certificate.notAfter.getTime() / 1000,
    isCa: certificate.isCa,
    keyUsage: usageNumber(certificate.keyUsage),
    uris: list(names.uris),
    dnsNames: list(names.dnsNames),
    ips: list(names.ipAddresses),
    emails: list(names.emails),
    subjectKeyId: id(certificate.subjectKeyId),
    authorityKeyId: id(certificate.authorityKeyId),
    unhandled: list(certificate.unhandledCriticalExtensions),
    spki: base64(certificate.publicKeySpki),
  };
}

function assertSame(answer: GoAnswer | undefined, certificate: Certificate): void {
  assert.ok(answer !== undefined);
  assert.equal(answer.error, undefined);
  const expected = described(certificate);
  const found = Object.fromEntries(Object.keys(expected).map((key) => [key, answer[key as keyof GoAnswer]]));
  assert.deepEqual(found, expected);
  if (certificate.pathLength !== undefined) assert.equal(answer.maxPathLen, certificate.pathLength);
}

test("Go reads every certificate that we make, and sees in it what we see", async () => {
  const made = caKeys.flatMap((key) => {
    const root = issueCa("root", undefined, {}, key);
    const intermediate = issueCa("", root, { subject: {}, basicConstraints: { ca: true, pathLength: 0 } });
    const odd = issueLeaf(root, {
      subject: { commonName: "Ünicode", organization: ["A", "B*"], country: "DE" },
      serialNumber: (1n << 159n) - 1n,
      notAfter: new Date("2050-01-01T00:00:00Z"),
      subjectAltNames: { emails: ["a@b"] },
      extKeyUsage: ["1.2.3.4", "any"],
      extraExtensions: [{ oid: "1.2.3.4.5", critical: true, value: Uint8Array.of(5, 0) }],
    });
    return [root, intermediate, issueLeaf(root), issueLeaf(intermediate), odd].map(
      ({ certificate }) => certificate,
    );
  });
  const answers = await go.parse(
    "parse",
    made.map(({ raw }) => raw),
  );
  for (const [index, certificate] of made.entries()) assertSame(answers[index], certificate);
});

test("equal options give the very bytes that Go signs: order, criticality, key ids, times", async () => {
  for (const key of caKeys) {
    const root = issueCa("root", undefined, {}, key);
    const { publicKey } = generateKeySync({ type: "ec", curve: "P-256" });
    for (const pathLength of [undefined, 0, 3]) {
      for (const commonName of ["", "web 1"]) {
        const template = {
          commonName,
          organization: commonName === "" ? "" : "Ünion",
          serial: "1234567890123456789012",
          notBefore: later(-60).getTime() / 1000,
          notAfter: later(1e9).getTime() / 1000,
          constraints: true,
          isCa: pathLength !== undefined,
          pathLength,
          keyUsage: usageNumber(["keyAgreement", "decipherOnly", "certSign"]),
          clientServer: true,
          uris: ["spiffe://a/b"],
          dnsNames: ["a.b", "*.c"],
          ips: ["10.0.0.1", "2001:db8::1"],
          emails: ["x@y"],
          subjectKeyId: base64(keyId(publicKey, "sha256-spki")),
          authorityKeyId: base64(Uint8Array.of(9)),
        };
        const answer = await go.ask({
          op: "create",
          key: privateKeyToPem(root.key),
          parent: base64(root.certificate.raw),
          publicKey: base64(spkiOf(publicKey)),
          template,
        });
        assert.equal(answer.error, undefined);
        const theirs = parseCertificate(fromBase64(answer.der));
        const ours = createCertificateSync({
          subject: { commonName: commonName || undefined, organization: template.organization || undefined },
          serialNumber: BigInt(template.serial),
          publicKey,
          issuer: root,
          notBefore: later(-60),
          notAfter: later(1e9),
          basicConstraints: pathLength === undefined ? { ca: false } : { ca: true, pathLength },
          keyUsage: ["keyAgreement", "decipherOnly", "certSign"],
          extKeyUsage: ["clientAuth", "serverAuth"],
          subjectAltNames: {
            uris: template.uris,
            dnsNames: template.dnsNames,
            ipAddresses: template.ips,
            emails: template.emails,
          },
          subjectKeyId: keyId(publicKey, "sha256-spki"),
          authorityKeyId: Uint8Array.of(9),
        });
        assert.deepEqual(Buffer.from(ours.signedBytes), Buffer.from(theirs.signedBytes));
        theirs.checkSignature(root.certificate.publicKey);
        assertSame((await go.parse("parse", [theirs.raw]))[0], theirs);
      }
    }
  }
});

test("a self-signed CA is the same as Go's: no authority key id, a subject key id of its own", async () => {
  const { privateKey } = generateKeySync({ type: "ec", curve: "P-384" });
  const template = {
    commonName: "r",
    serial: "7",
    notBefore: 0,
    notAfter: 1e9,
    constraints: true,
    isCa: true,
    keyUsage: 96,
  };
  const answer = await go.ask({ op: "create", key: privateKeyToPem(privateKey), template });
  const ours = createCertificateSync({
    subject: { commonName: "r" },
    serialNumber: 7n,
    publicKey: privateKey,
    issuer: { key: privateKey },
    notBefore: new Date(0),
    notAfter: new Date(1e12),
    basicConstraints: { ca: true },
    keyUsage: ["certSign", "crlSign"],
  });
  assert.deepEqual(
    Buffer.from(parseCertificate(fromBase64(answer.der)).signedBytes),
    Buffer.from(ours.signedBytes),
  );
});

test("requests cross both ways, with their names and proof of possession", async () => {
  const names = { uris: ["spiffe://a/b"], dnsNames: ["a.b"], ipAddresses: ["::1"], emails: ["x@y"] };
  for (const key of caKeys) {
    const { privateKey } = keyOf("root", key);
    for (const commonName of [undefined, "web"]) {
      const ours = createCertificateRequestSync({
        key: privateKey,
        subject: { commonName },
        subjectAltNames: names,
        basicConstraints: { ca: true },
      });
      const [answer] = await go.parse("parse-request", [ours.raw]);
      assert.equal(answer?.error, undefined);
      assert.deepEqual(
        [answer?.uris, answer?.dnsNames, answer?.ips, answer?.emails],
        [names.uris, names.dnsNames, names.ipAddresses, names.emails],
      );
      assert.equal(answer?.commonName, commonName ?? "");
      const theirs = await go.ask({
        op: "create-request",
        key: privateKeyToPem(privateKey),
        template: {
          commonName: commonName ?? "",
          uris: names.uris,
          dnsNames: names.dnsNames,
          ips: names.ipAddresses,
          emails: names.emails,
        },
      });
      const read = parseCertificateRequest(fromBase64(theirs.der));
      read.checkSignature();
      assert.deepEqual(read.subjectAltNames, names);
      assert.deepEqual(read.publicKeySpki, spkiOf(privateKey));
    }
  }
});

test("Go reads the private keys that we write in every format, and so do we", async () => {
  for (const key of caKeys) {
    const { privateKey } = keyOf("root", key);
    for (const format of [key.type === "ec" ? "sec1" : "pkcs1", "pkcs8"] as const) {
      const pem = privateKeyToPem(privateKey, format);
      const answer = await go.ask({ op: "parse-key", key: pem });
      assert.deepEqual(fromBase64(answer.spki), spkiOf(parsePrivateKey(pem)));
    }
  }
});
