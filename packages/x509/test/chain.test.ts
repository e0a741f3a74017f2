import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Certificate,
  type ChainOptions,
  createCertificateSync,
  verifyChain,
  type X509ErrorCode,
} from "@drawbar/x509";
import { authority, type Identity, later, leaf, now } from "./support.ts";

const root = authority("root");
const intermediate = authority("intermediate", root, { basicConstraints: { ca: true, pathLength: 0 } });
const web = leaf(intermediate);

function verify(options: Partial<ChainOptions>): readonly Certificate[] {
  return verifyChain({
    leaf: web.certificate,
    intermediates: [intermediate.certificate],
    anchors: [root.certificate],
    at: now,
    ...options,
  });
}

function refuses(code: X509ErrorCode, options: Partial<ChainOptions>, message: RegExp = /./): void {
  assert.throws(() => verify(options), { name: "X509Error", code, message });
}

function namesOf(chain: readonly Certificate[]): readonly (string | undefined)[] {
  return chain.map(({ subject }) => subject.commonName);
}

test("a chain is found through the intermediates, leaf first, anchor last", () => {
  assert.deepEqual(namesOf(verify({})), [undefined, "intermediate", "root"]);
});

test("any certificate can be the anchor, self-signed or not", () => {
  assert.deepEqual(namesOf(verify({ anchors: [intermediate.certificate], intermediates: [] })), [
    undefined,
    "intermediate",
  ]);
  assert.equal(verify({ anchors: [web.certificate], intermediates: [] }).length, 1);
});

test("without an anchor there is no chain, even with the root among the intermediates", () => {
  refuses(
    "unknown_authority",
    { anchors: [] },
    /unknown authority: CN=root|unknown authority: CN=intermediate/,
  );
  refuses("unknown_authority", { anchors: [], intermediates: [intermediate.certificate, root.certificate] });
  refuses("unknown_authority", { intermediates: [] }, /CN=intermediate/);
});

test("an anchor of the right name and another key is refused for its signature", () => {
  refuses("bad_signature", { anchors: [authority("root").certificate] });
});

test("every certificate must be valid at the time, anchors too, to the second", () => {
  assert.ok(verify({ at: later(600) }));
  refuses("expired", { at: later(601) }, /without subject expired at 2026-06-01T12:10:00.000Z/);
  assert.ok(verify({ at: later(-60) }));
  refuses("not_yet_valid", { at: later(-61) }, /not valid before/);
  const expired = authority("root2", undefined, { notAfter: later(-1) });
  refuses("expired", { leaf: leaf(expired).certificate, anchors: [expired.certificate] }, /CN=root2 expired/);
  refuses("invalid_option", { at: new Date(Number.NaN) });
});

test("who signs must be a CA, anchors too", () => {
  const notCa = authority("n", root, { basicConstraints: { ca: false } });
  refuses("not_a_ca", { leaf: leaf(notCa).certificate, intermediates: [notCa.certificate] }, /is not a CA/);
  refuses("not_a_ca", { leaf: leaf(notCa).certificate, anchors: [notCa.certificate] }, /is not a CA/);
  const silent = authority("n", root, { basicConstraints: undefined });
  refuses("not_a_ca", { leaf: leaf(silent).certificate, anchors: [silent.certificate] }, /is not a CA/);
});

test("who signs must have the key usage for it, or none at all", () => {
  const wrong = authority("n", root, { keyUsage: ["digitalSignature"] });
  refuses(
    "not_a_ca",
    { leaf: leaf(wrong).certificate, intermediates: [wrong.certificate] },
    /lacks certSign/,
  );
  const silent = authority("n", root, { keyUsage: undefined });
  assert.equal(verify({ leaf: leaf(silent).certificate, intermediates: [silent.certificate] }).length, 3);
});

test("path lengths count the CAs below, of intermediates and of anchors", () => {
  const below = authority("below", intermediate);
  const options = {
    leaf: leaf(below).certificate,
    intermediates: [intermediate.certificate, below.certificate],
  };
  refuses("path_too_long", options, /CN=intermediate allows 0 CAs below it, the chain has 1/);
  const anchor = authority("a", undefined, { basicConstraints: { ca: true, pathLength: 0 } });
  const middle = authority("m", anchor);
  refuses("path_too_long", {
    leaf: leaf(middle).certificate,
    intermediates: [middle.certificate],
    anchors: [anchor.certificate],
  });
  assert.equal(verify({ leaf: leaf(anchor).certificate, anchors: [anchor.certificate] }).length, 2);
});

test("a chain longer than the caller allows is refused", () => {
  refuses("path_too_long", { maxChainLength: 2 }, /longer than 2/);
  assert.equal(verify({ maxChainLength: 3 }).length, 3);
});

test("an unknown critical extension is refused, an unknown other one is not", () => {
  const extension = (critical: boolean) => ({ oid: "1.2.3.4", critical, value: Uint8Array.of(5, 0) });
  const odd = (critical: boolean): Certificate =>
    leaf(intermediate, { extraExtensions: [extension(critical)] }).certificate;
  assert.ok(verify({ leaf: odd(false) }));
  refuses("unhandled_critical_extension", { leaf: odd(true) }, /1\.2\.3\.4/);
  const ca = authority("odd", root, { extraExtensions: [extension(true)] });
  refuses("unhandled_critical_extension", { leaf: leaf(ca).certificate, intermediates: [ca.certificate] });
});

test("a constraint that is not evaluated refuses the chain, critical or not", () => {
  // requireExplicitPolicy after no certificate; a permitted subtree of directory names.
  const constraints = {
    "2.5.29.36": "3003800100",
    "2.5.29.30": "3016a0143012a410300e310c300a06035504030c03616263",
  };
  for (const [oid, hex] of Object.entries(constraints)) {
    for (const critical of [true, false]) {
      const value = Uint8Array.from(Buffer.from(hex, "hex"));
      const ca = authority("nc", root, { extraExtensions: [{ oid, critical, value }] });
      const options = { leaf: leaf(ca).certificate, intermediates: [ca.certificate] };
      refuses("unevaluated_constraint", options, /2\.5\.29\.36|directory names/);
    }
  }
});

test("a purpose must be allowed by every certificate of the chain that names any", () => {
  assert.ok(verify({ extKeyUsage: ["clientAuth"] }));
  assert.ok(verify({ extKeyUsage: ["codeSigning", "serverAuth"] }));
  assert.ok(verify({ extKeyUsage: ["any"] }));
  refuses("incompatible_usage", { extKeyUsage: ["codeSigning"] }, /codeSigning/);
  const server = authority("s", root, { extKeyUsage: ["serverAuth"] });
  const options = { leaf: leaf(server).certificate, intermediates: [server.certificate] };
  assert.ok(verify({ ...options, extKeyUsage: ["serverAuth"] }));
  refuses("incompatible_usage", { ...options, extKeyUsage: ["clientAuth"] });
  assert.ok(
    verify({ leaf: leaf(intermediate, { extKeyUsage: ["any"] }).certificate, extKeyUsage: ["clientAuth"] }),
  );
});

test("issuers without a name are told apart by key id and signature", () => {
  const [one, two, three] = [1, 2, 3].map(() => authority("", root, { subject: {} })) as [
    Identity,
    Identity,
    Identity,
  ];
  const pool = [one, two, three].map(({ certificate }) => certificate);
  for (const issuer of [one, two, three]) {
    const chain = verify({ leaf: leaf(issuer).certificate, intermediates: pool });
    assert.ok(chain[1]?.equals(issuer.certificate));
  }
});

test("after a rotation with cross-signing, a leaf verifies under the old root and under the new one", () => {
  const fresh = authority("fresh");
  const crossed = createCertificateSync({
    subject: fresh.certificate.subject,
    publicKey: fresh.certificate,
    issuer: root,
    notBefore: later(-60),
    notAfter: later(600),
    extraExtensions: fresh.certificate.extensions,
  });
  const made = leaf(fresh).certificate;
  assert.equal(verify({ leaf: made, intermediates: [crossed] }).length, 3);
  assert.equal(verify({ leaf: made, intermediates: [crossed], anchors: [fresh.certificate] }).length, 2);
});

test("authorities that signed each other are not walked in circles", () => {
  const [a, b] = [authority("a"), authority("b")];
  const cross = (of: Identity, by: Identity): Certificate =>
    createCertificateSync({
      subject: of.certificate.subject,
      publicKey: of.certificate,
      issuer: by,
      notBefore: later(-1),
      notAfter: later(9),
      extraExtensions: of.certificate.extensions,
    });
  refuses("unknown_authority", { leaf: leaf(a).certificate, intermediates: [cross(a, b), cross(b, a)] });
});

test("a pool of look-alikes ends the search at a limit", () => {
  const pool = Array.from({ length: 101 }, () => authority("intermediate", root).certificate);
  refuses("limit_exceeded", { intermediates: pool }, /100 signature checks/);
});
