import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Certificate,
  type CertificateOptions,
  createCertificateSync,
  generateKeySync,
  keyId,
} from "@drawbar/x509";
import { chainTree } from "./chain-tree.ts";
import { describeChains } from "./describe-chain.ts";

const now = new Date("2026-06-01T12:00:00Z");
const validity = { notBefore: new Date("2026-06-01T00:00:00Z"), notAfter: new Date("2026-06-11T12:00:00Z") };

interface Ca {
  readonly certificate: Certificate;
  readonly key: CertificateOptions["issuer"]["key"];
}

function issue(changes: Partial<CertificateOptions>, parent?: Ca): Ca {
  const { privateKey: key, publicKey } = generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = createCertificateSync({
    publicKey,
    issuer: parent ?? { key },
    basicConstraints: { ca: true },
    serialNumber: 7n,
    subjectKeyId: keyId(publicKey, "sha256-spki"),
    authorityKeyId: parent?.certificate.subjectKeyId,
    ...validity,
    ...changes,
  });
  return { certificate, key };
}

const root = issue({ subject: { commonName: "root" } });
const nameless = issue({ basicConstraints: { ca: true, pathLength: 0 } }, root);
const leafOptions = {
  basicConstraints: { ca: false },
  subjectAltNames: { uris: ["spiffe://a.consul/x"], dnsNames: ["web"] },
};
const leaf = issue(leafOptions, nameless);

/** Titles of a tree, indented by depth. */
function shape(certificates: readonly Certificate[]): string[] {
  return describeChains(chainTree(certificates), now)
    .split("\n")
    .filter((line) => /^[ │]*[├└]|^[^ │├└]/.test(line));
}

test("certificates stand below those that signed them, whatever their order, with and without names", () => {
  const expected = ["root", "└─ (no name)", "   └─ spiffe://a.consul/x"];
  const all = [root.certificate, nameless.certificate, leaf.certificate];
  assert.deepEqual(shape(all), expected);
  assert.deepEqual(shape(all.reverse()), expected);
});

test("each line says what it is for and how long it is valid", () => {
  const short = (ca: Ca): string =>
    Buffer.from(ca.certificate.subjectKeyId ?? [])
      .toString("hex")
      .replace(/^(..)(..)(..)(..).*/, "$1:$2:$3:$4…");
  const text = describeChains(chainTree([nameless.certificate, leaf.certificate]), now);
  assert.deepEqual(text.split("\n"), [
    "(no name)",
    "│ CA for leafs only, EC P-256, serial 7",
    "│ valid 2026-06-01T00:00:00Z to 2026-06-11T12:00:00Z, 10 days left",
    `│ key ${short(nameless)} signed by ${short(root)}`,
    "└─ spiffe://a.consul/x",
    "     web",
    "     leaf, EC P-256, serial 7",
    "     valid 2026-06-01T00:00:00Z to 2026-06-11T12:00:00Z, 10 days left",
    `     key ${short(leaf)} signed by ${short(nameless)}`,
    "",
  ]);
});

test("what is expired or not yet valid is said in capitals", () => {
  const describe = (at: string): string => describeChains(chainTree([root.certificate]), new Date(at));
  assert.match(describe("2026-06-11T12:00:00Z"), /EXPIRED: 2026-06-01T00:00:00Z to 2026-06-11T12:00:00Z/);
  assert.match(describe("2026-05-31T00:00:00Z"), /NOT YET VALID: 2026-06-01/);
  assert.match(describe("2026-06-11T11:59:30Z"), /, 1 min left/);
  assert.match(describe("2026-06-10T00:00:00Z"), /, 36 h left/);
});

test("a cross-signed CA stands below its signer, and its leafs below its own root", () => {
  const next = issue({ subject: { commonName: "next" } });
  const crossed = createCertificateSync({
    subject: next.certificate.subject,
    publicKey: next.certificate,
    issuer: root,
    basicConstraints: { ca: true },
    subjectKeyId: next.certificate.subjectKeyId,
    ...validity,
  });
  const all = [crossed, root.certificate, next.certificate, issue(leafOptions, next).certificate];
  assert.deepEqual(shape(all), ["root", "└─ next", "next", "└─ spiffe://a.consul/x"]);
  const [other, back] = [issue({ subject: { commonName: "a" } }), issue({ subject: { commonName: "b" } })];
  const sign = (subject: Ca, signer: Ca): Certificate =>
    createCertificateSync({
      subject: subject.certificate.subject,
      publicKey: subject.certificate,
      subjectKeyId: subject.certificate.subjectKeyId,
      issuer: signer,
      basicConstraints: { ca: true },
      ...validity,
    });
  assert.deepEqual(shape([sign(other, back), sign(back, other)]), ["a", "└─ b"]);
});

test("nothing in a name can move a terminal's cursor", () => {
  const evil = issue({ subject: { commonName: "a\u001b[2Jb\u202ec" } });
  assert.deepEqual(shape([evil.certificate]), ["a\ufffd[2Jb\ufffdc"]);
});
