import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Certificate,
  type CertificateOptions,
  Name,
  type NameConstraintsOptions,
  parseCertificate,
  type SubjectAltNames,
  verifyChain,
  X509Error,
} from "@drawbar/x509";
import fc from "fast-check";
import { authority, leaf, now } from "./support.ts";

const root = authority("root");

function verify(
  nameConstraints: NameConstraintsOptions,
  names: Partial<SubjectAltNames>,
  changes: Partial<CertificateOptions> = {},
): readonly Certificate[] {
  const ca = authority("ca", root, { nameConstraints });
  const certificate = leaf(ca, { subjectAltNames: names, ...changes }).certificate;
  return verifyChain({
    leaf: certificate,
    intermediates: [ca.certificate],
    anchors: [root.certificate],
    at: now,
  });
}

/** Whether the only name of a leaf is allowed. */
function allows(constraints: NameConstraintsOptions, names: Partial<SubjectAltNames>): boolean {
  try {
    verify(constraints, names);
    return true;
  } catch (error) {
    if (error instanceof X509Error && error.code === "name_not_permitted") return false;
    throw error;
  }
}

type Row = readonly [constraint: string, name: string, permits: boolean, excludes: boolean];

function check(kind: "dnsNames" | "uris" | "emails" | "ipRanges", rows: readonly Row[]): void {
  const names = kind === "ipRanges" ? "ipAddresses" : kind;
  for (const [constraint, name, permits, excludes] of rows) {
    const asked = { [names]: [name] };
    assert.equal(allows({ permitted: { [kind]: [constraint] } }, asked), permits, `${constraint} ${name}`);
    assert.equal(
      allows({ excluded: { [kind]: [constraint] } }, asked),
      !excludes,
      `not ${constraint} ${name}`,
    );
  }
}

test("DNS names: a domain has all below it, with a leading dot without itself, in letters of any size", () => {
  check("dnsNames", [
    ["example.com", "example.com", true, true],
    ["example.com", "a.b.EXAMPLE.com", true, true],
    ["Example.com", "example.com", true, true],
    ["example.com", "badexample.com", false, false],
    [".example.com", "a.example.com", true, true],
    [".example.com", "example.com", false, false],
    ["a.example.com", "example.com", false, false],
    ["", "anything.at.all", true, true],
  ]);
});

test("DNS names: a wildcard is permitted if all it stands for is, and excluded if any of that is", () => {
  check("dnsNames", [
    ["example.com", "*.example.com", true, true],
    ["a.example.com", "*.example.com", false, true],
    ["b.a.example.com", "*.example.com", false, false],
    ["abc.example.com", "a*.example.com", false, true],
    ["host", "*", false, true],
  ]);
});

test("URIs: a host is itself, with a leading dot what is below it; excluded, a host has all below it too", () => {
  check("uris", [
    ["mesh.consul", "spiffe://mesh.consul/ns/default", true, true],
    ["mesh.consul", "spiffe://MESH.consul", true, true],
    ["mesh.consul", "spiffe://a.mesh.consul/x", false, true],
    [".consul", "spiffe://mesh.consul/x", true, true],
    [".consul", "spiffe://consul", false, false],
    ["mesh.consul", "https://mesh.consul:8501/x?y=z.other#mesh", true, true],
    ["mesh.consul", "https://mesh.consul@other/x", false, false],
    ["other", "https://mesh.consul@other/x", true, true],
    ["mesh.consul", "https://other/mesh.consul", false, false],
    ["", "spiffe://anything", true, true],
  ]);
});

test("URIs without a host name cannot be compared and are refused, whatever is constrained", () => {
  for (const uri of ["urn:uuid:1", "https://127.0.0.1/", "https://[::1]/", "file:///x"]) {
    for (const kind of ["uris", "dnsNames"]) {
      assert.throws(() => verify({ excluded: { [kind]: ["other"] } }, { uris: [uri] }), {
        code: "name_not_permitted",
        message: /has no host name/,
      });
    }
  }
});

test("emails: a mailbox, a host's mailboxes, those of the domains below", () => {
  check("emails", [
    ["a@example.com", "a@EXAMPLE.com", true, true],
    ["a@example.com", '"a"@example.com', true, true],
    ["a@example.com", "A@example.com", false, false],
    ["a@example.com", "b@example.com", false, false],
    ["example.com", "b@example.com", true, true],
    ["example.com", "b@mail.example.com", false, true],
    [".example.com", "b@mail.example.com", true, true],
    [".example.com", "b@example.com", false, false],
  ]);
  for (const email of ["no-mailbox", "@example.com", "a@"]) {
    assert.equal(allows({ permitted: { emails: ["example.com"] } }, { emails: [email] }), false, email);
  }
});

test("IP addresses: ranges of their own family; one of the other family inside counts only against it", () => {
  check("ipRanges", [
    ["10.0.0.0/8", "10.255.0.1", true, true],
    ["10.0.0.0/8", "11.0.0.1", false, false],
    ["10.128.0.0/9", "10.127.0.1", false, false],
    ["192.168.1.77/32", "192.168.1.77", true, true],
    ["0.0.0.0/0", "1.2.3.4", true, true],
    ["0.0.0.0/0", "2001:db8::1", false, false],
    ["2001:db8::/33", "2001:db8:7fff::1", true, true],
    ["2001:db8::/33", "2001:db8:8000::1", false, false],
    ["10.0.0.0/8", "::ffff:10.0.0.1", false, true],
    ["::/0", "::ffff:10.0.0.1", false, true],
  ]);
});

test("a kind that no constraint mentions is free, and a certificate without names has nothing to refuse", () => {
  assert.ok(allows({ permitted: { uris: ["mesh.consul"] } }, { dnsNames: ["web"], ipAddresses: ["::1"] }));
  assert.equal(verify({ permitted: { dnsNames: ["a"] } }, {}, { subject: { commonName: "b" } }).length, 3);
});

test("every certificate below is compared with every CA above it, anchors included; a CA not with itself", () => {
  const narrow = { permitted: { uris: ["mesh.consul"] } };
  const uris = (host: string): Partial<CertificateOptions> => ({
    subjectAltNames: { uris: [`spiffe://${host}`] },
  });
  const anchor = authority("anchor", undefined, { nameConstraints: narrow, ...uris("other") });
  const inside = authority("inside", anchor, uris("mesh.consul"));
  const outside = authority("outside", anchor, uris("other"));
  const chain = (ca: typeof anchor): readonly Certificate[] =>
    verifyChain({
      leaf: leaf(ca, uris("mesh.consul")).certificate,
      intermediates: [ca.certificate],
      anchors: [anchor.certificate],
      at: now,
    });
  assert.equal(chain(inside).length, 3);
  assert.throws(() => chain(outside), {
    code: "name_not_permitted",
    message: /^URI spiffe:\/\/other is not permitted/,
  });
});

test("another path to an anchor is taken where names forbid the first", () => {
  const narrow = authority("ca", root, { nameConstraints: { permitted: { dnsNames: ["a"] } } });
  const wide = verifyChain({
    leaf: leaf(narrow, { subjectAltNames: { dnsNames: ["b"] } }).certificate,
    anchors: [authority("ca").certificate, root.certificate],
    intermediates: [narrow.certificate, withoutConstraints(narrow.certificate)],
    at: now,
  });
  assert.equal(wide.length, 3);

  function withoutConstraints(certificate: Certificate): Certificate {
    const extensions = certificate.extensions.filter(({ oid }) => oid !== "2.5.29.30");
    return authority("ca", root, { publicKey: certificate, extraExtensions: extensions }).certificate;
  }
});

test("the error says which name, and which constraint", () => {
  assert.throws(
    () => verify({ excluded: { dnsNames: ["bad.com"] } }, { dnsNames: ["ok.com", "a.bad.com"] }),
    {
      code: "name_not_permitted",
      message: 'DNS name a.bad.com is excluded by the name constraint "bad.com"',
      facts: { name: "a.bad.com" },
    },
  );
});

test("an email in the subject counts as one", () => {
  const value = Uint8Array.from(
    Buffer.from("301c311a301806092a864886f70d010901160b6140622e6578616d706c65", "hex"),
  );
  const changes = { subject: new Name(value, []) };
  assert.equal(verify({ permitted: { emails: ["b.example"] } }, {}, changes).length, 3);
  assert.throws(() => verify({ permitted: { emails: ["c.example"] } }, {}, changes), {
    code: "name_not_permitted",
    message: /^email a@b\.example is not permitted/,
  });
});

test("many names below many constraints end at a limit", () => {
  const many = Array.from({ length: 1000 }, (_, index) => `${index}.x`);
  assert.throws(
    () => verify({ excluded: { dnsNames: many } }, { dnsNames: many.map((name) => `${name}y`) }),
    {
      code: "limit_exceeded",
    },
  );
});

test("what a certificate says of names is read back as it was given", () => {
  const host = fc.stringMatching(/^\.?[a-z0-9-]{1,9}(\.[a-z0-9-]{1,9}){0,3}$/);
  const hosts = fc.array(host, { maxLength: 3 });
  const range = fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, bits]) => `${address}/${bits}`);
  const subtrees = fc.record(
    {
      dnsNames: hosts,
      ipRanges: fc.array(range, { maxLength: 3 }),
      emails: hosts,
      uris: hosts,
    },
    { noNullPrototype: true },
  );
  const isEmpty = (found: object): boolean =>
    Object.values(found).every((list: unknown[]) => list.length === 0);
  fc.assert(
    fc.property(subtrees, subtrees, (permitted, excluded) => {
      fc.pre(!isEmpty(permitted) || !isEmpty(excluded));
      const made = authority("ca", root, { nameConstraints: { permitted, excluded } }).certificate;
      const read = parseCertificate(made.raw);
      assert.deepEqual(read.nameConstraints, { permitted, excluded, hasOthers: false });
      assert.equal(read.extension("2.5.29.30")?.critical, true);
    }),
    { numRuns: 100 },
  );
});

test("options that cannot be are refused", () => {
  for (const nameConstraints of [
    {},
    { permitted: {} },
    { permitted: { dnsNames: ["a..b"] } },
    { permitted: { ipRanges: ["10.0.0.0"] } },
    { permitted: { ipRanges: ["10.0.0.0/33"] } },
    { excluded: { emails: ["a b@c"] } },
  ]) {
    assert.throws(() => authority("ca", root, { nameConstraints }), { code: "invalid_option" });
  }
  const nameConstraints = { permitted: { dnsNames: ["a"] } };
  assert.throws(() => leaf(root, { nameConstraints }), { code: "invalid_option", message: /only a CA/ });
});
