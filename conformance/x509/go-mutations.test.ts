import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createCertificateRequestSync, parseCertificate, parseCertificateRequest } from "@drawbar/x509";
import fc from "fast-check";
import { GoPeer } from "./go-peer.ts";
import { accepts, edits, everyExtension } from "./mutations.ts";
import { OpenSsl } from "./openssl.ts";
import { caKeys, issueCa, issueLeaf } from "./samples.ts";

let go: GoPeer;
before(async () => {
  go = await GoPeer.start();
});
const openssl = new OpenSsl();
after(() => {
  go.stop();
  openssl.remove();
});

const rsa = issueCa("root", undefined, {}, { type: "rsa", bits: 2048 });

/** Mutations that we accept; Go is asked about these alone. */
function acceptedEdits(base: Uint8Array, accept: (bytes: Uint8Array) => boolean): readonly Uint8Array[] {
  assert.ok(accept(base));
  return fc.sample(edits(base), 1_500).filter(accept);
}

test("no mutated certificate that Go refuses is accepted here", async () => {
  const made = [
    ...caKeys
      .slice(0, 4)
      .map((key) => issueCa("ca", undefined, { subject: { commonName: "ca", organization: "Ö" } }, key)),
    rsa,
    issueLeaf(rsa),
  ];
  const bases = [everyExtension(openssl), ...made.map(({ certificate }) => certificate.raw)];
  let both = 0;
  for (const base of bases) {
    const inputs = acceptedEdits(base, (bytes) => accepts(() => parseCertificate(bytes)));
    both += inputs.length;
    const answers = await go.parse("parse", inputs);
    for (const [index, input] of inputs.entries()) {
      const refusal = answers[index]?.error;
      assert.equal(refusal, undefined, `Go refuses with "${refusal}": ${Buffer.from(input).toString("hex")}`);
    }
  }
  // The comparison means something only while many mutations still parse.
  assert.ok(both > bases.length * 50, `only ${both} mutations were accepted`);
});

test("no mutated request that Go refuses, or whose signature it refuses, is accepted here", async () => {
  const names = { uris: ["spiffe://a/b"], dnsNames: ["a.b"], ipAddresses: ["::1"], emails: ["x@y"] };
  const bases = [rsa, issueLeaf(rsa)].map(
    ({ key }) =>
      createCertificateRequestSync({ key, subject: { commonName: "x" }, subjectAltNames: names }).raw,
  );
  for (const base of bases) {
    const inputs = acceptedEdits(base, (bytes) => accepts(() => parseCertificateRequest(bytes)));
    const answers = await go.parse("parse-request", inputs);
    for (const [index, input] of inputs.entries()) {
      const refusal = answers[index]?.error;
      if (accepts(() => parseCertificateRequest(input).checkSignature()))
        assert.equal(refusal, undefined, Buffer.from(input).toString("hex"));
      // Every change breaks the signature, so what is compared is parsing; Go's answer says which of the two failed.
      const parsed = refusal === undefined || /verification|verify|signature/.test(refusal);
      assert.ok(parsed, `Go refuses with "${refusal}": ${Buffer.from(input).toString("hex")}`);
    }
  }
});
