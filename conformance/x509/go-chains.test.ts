import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Certificate, createCertificateSync, verifyChain, X509Error } from "@drawbar/x509";
import { base64, GoPeer } from "./go-peer.ts";
import { type Identity, issue, issueCa, issueLeaf, later, now } from "./samples.ts";

let go: GoPeer;
before(async () => {
  go = await GoPeer.start();
});
after(() => go.stop());

interface Scenario {
  readonly leaf: Identity;
  readonly intermediates?: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at?: Date;
  readonly clientAuth?: boolean;
}

async function goAccepts({
  leaf,
  intermediates = [],
  anchors,
  at = now,
  clientAuth = false,
}: Scenario): Promise<boolean> {
  const ders = (list: readonly Certificate[]): readonly string[] => list.map(({ raw }) => base64(raw));
  const answer = await go.ask({
    op: "verify",
    leaf: base64(leaf.certificate.raw),
    intermediates: ders(intermediates),
    anchors: ders(anchors),
    atSeconds: at.getTime() / 1000,
    clientAuth,
  });
  return answer.error === undefined;
}

function weAccept({ leaf, intermediates = [], anchors, at = now, clientAuth = false }: Scenario): boolean {
  try {
    verifyChain({
      leaf: leaf.certificate,
      intermediates,
      anchors,
      at,
      ...(clientAuth ? { extKeyUsage: ["clientAuth"] } : {}),
    });
    return true;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return false;
  }
}

const root = issueCa("root");
const middle = issueCa("middle", root, { basicConstraints: { ca: true, pathLength: 0 } });
const below = issueCa("below", middle);
const nameless = issueCa("", root, { subject: {} });
const namelessToo = issueCa("", root, { subject: {} });
const web = issueLeaf(middle);
const notCa = issueCa("not-ca", root, { basicConstraints: { ca: false } });
const noSign = issueCa("no-sign", root, { keyUsage: ["digitalSignature"] });
const serverOnly = issueCa("server", root, { extKeyUsage: ["serverAuth"] });
const expired = issueCa("expired", root, { notAfter: later(-1) });
const critical = issueCa("critical", root, {
  extraExtensions: [{ oid: "1.2.3.4", critical: true, value: Uint8Array.of(5, 0) }],
});
const fresh = issueCa("fresh");
const crossed = createCertificateSync({
  subject: fresh.certificate.subject,
  publicKey: fresh.certificate,
  issuer: root,
  notBefore: later(-60),
  notAfter: later(600),
  extraExtensions: fresh.certificate.extensions.filter(({ oid }) => oid !== "2.5.29.35"),
});
const certificates = (...list: readonly Identity[]): readonly Certificate[] =>
  list.map(({ certificate }) => certificate);

const scenarios: Readonly<Record<string, Scenario>> = {
  "under its root": { leaf: issueLeaf(root), anchors: certificates(root) },
  "through an intermediate": {
    leaf: issueLeaf(middle),
    intermediates: certificates(middle),
    anchors: certificates(root),
  },
  "to an intermediate as anchor": { leaf: issueLeaf(middle), anchors: certificates(middle) },
  "itself the anchor": { leaf: web, anchors: certificates(web) },
  "no anchor": { leaf: issueLeaf(root), anchors: [] },
  "foreign anchor of the same name": { leaf: issueLeaf(root), anchors: certificates(issueCa("root")) },
  "missing intermediate": { leaf: issueLeaf(middle), anchors: certificates(root) },
  "path length exceeded": {
    leaf: issueLeaf(below),
    intermediates: certificates(middle, below),
    anchors: certificates(root),
  },
  "path length of an anchor exceeded": {
    leaf: issueLeaf(below),
    intermediates: certificates(below),
    anchors: certificates(middle),
  },
  "nameless issuers": {
    leaf: issueLeaf(namelessToo),
    intermediates: certificates(nameless, namelessToo),
    anchors: certificates(root),
  },
  "issuer is no CA": {
    leaf: issueLeaf(notCa),
    intermediates: certificates(notCa),
    anchors: certificates(root),
  },
  "anchor is no CA": { leaf: issueLeaf(notCa), anchors: certificates(notCa) },
  "issuer may not sign": {
    leaf: issueLeaf(noSign),
    intermediates: certificates(noSign),
    anchors: certificates(root),
  },
  "issuer expired": {
    leaf: issueLeaf(expired),
    intermediates: certificates(expired),
    anchors: certificates(root),
  },
  "anchor expired": { leaf: issueLeaf(expired), anchors: certificates(expired) },
  "leaf expired": { leaf: issueLeaf(root), anchors: certificates(root), at: later(3601) },
  "leaf at its last second": { leaf: issueLeaf(root), anchors: certificates(root), at: later(3600) },
  "leaf at its first second": { leaf: issueLeaf(root), anchors: certificates(root), at: later(-3600) },
  "leaf not yet valid": { leaf: issueLeaf(root), anchors: certificates(root), at: later(-3601) },
  "unknown critical extension": {
    leaf: issueLeaf(critical),
    intermediates: certificates(critical),
    anchors: certificates(root),
  },
  "purpose allowed": { leaf: issueLeaf(root), anchors: certificates(root), clientAuth: true },
  "purpose not the issuer's": {
    leaf: issueLeaf(serverOnly),
    intermediates: certificates(serverOnly),
    anchors: certificates(root),
    clientAuth: true,
  },
  "purpose not the leaf's": {
    leaf: issueLeaf(root, { extKeyUsage: ["codeSigning"] }),
    anchors: certificates(root),
    clientAuth: true,
  },
  "cross-signed, old root": { leaf: issueLeaf(fresh), intermediates: [crossed], anchors: certificates(root) },
  "cross-signed, new root": {
    leaf: issueLeaf(fresh),
    intermediates: [crossed],
    anchors: certificates(fresh),
  },
  "critical alternative names of no known kind": {
    leaf: issue(root, {
      extraExtensions: [{ oid: "2.5.29.17", critical: true, value: Uint8Array.of(0x30, 3, 0x88, 1, 0x2a) }],
    }),
    anchors: certificates(root),
  },
};

for (const [title, scenario] of Object.entries(scenarios)) {
  test(`Go and we agree on a chain: ${title}`, async () => {
    assert.equal(weAccept(scenario), await goAccepts(scenario));
  });
}

// Where we are stricter on purpose; each with its reason.
const stricter: Readonly<Record<string, Scenario>> = {
  // Directory names are not evaluated here; Go passes over them where they are not critical.
  "constraints on directory names, not critical": (() => {
    const value = Uint8Array.from(Buffer.from("3016a0143012a410300e310c300a06035504030c03616263", "hex"));
    const ca = issueCa("nc", root, { extraExtensions: [{ oid: "2.5.29.30", critical: false, value }] });
    return { leaf: issueLeaf(ca), intermediates: certificates(ca), anchors: certificates(root) };
  })(),
};

for (const [title, scenario] of Object.entries(stricter)) {
  test(`we refuse a chain that Go accepts: ${title}`, async () => {
    assert.equal(await goAccepts(scenario), true);
    assert.equal(weAccept(scenario), false);
  });
}
