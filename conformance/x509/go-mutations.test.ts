import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  createCertificateRequestSync,
  parseCertificate,
  parseCertificateRequest,
  X509Error,
} from "@drawbar/x509";
import fc from "fast-check";
import { GoPeer } from "./go-peer.ts";
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

// One certificate with every extension whose shape is checked.
function everyExtension(): Uint8Array {
  openssl.run(
    "req",
    "-x509",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-keyout",
    "key.pem",
    "-outform",
    "DER",
    "-out",
    "all.der",
    "-subj",
    "/C=DE/O=a/CN=b",
    ...[
      "nameConstraints=permitted;DNS:a.b,permitted;IP:10.0.0.0/255.0.0.0,excluded;email:x@y,permitted;URI:.c",
      "certificatePolicies=1.2.3.4,2.5.29.32.0",
      "policyConstraints=requireExplicitPolicy:3,inhibitPolicyMapping:1",
      "policyMappings=1.2.3:1.2.4",
      "inhibitAnyPolicy=2",
      "crlDistributionPoints=URI:http://a/b,URI:http://c/d",
      "authorityInfoAccess=OCSP;URI:http://a,caIssuers;URI:http://b",
      "subjectAltName=URI:spiffe://a/b,DNS:c,IP:1.2.3.4,email:d@e",
      "extendedKeyUsage=clientAuth,1.2.3",
      "keyUsage=critical,keyCertSign",
      "1.2.3.4.5=ASN1:NULL",
    ].flatMap((extension) => ["-addext", extension]),
  );
  return openssl.read("all.der");
}

const rsa = issueCa("rsa", undefined, {}, { type: "rsa", bits: 2048 });

// Edits that keep most of the structure: one octet, or a few replaced, removed, doubled.
function edits(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: bytes.length - 1 });
  const interesting = fc.oneof(
    fc.nat({ max: 255 }),
    fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0xff, 0x30, 0x31, 0x05, 0x13, 0x0c),
  );
  const octet = fc.tuple(at, interesting).map(([offset, value]) => bytes.with(offset, value));
  const splice = fc
    .tuple(at, fc.nat({ max: 3 }), fc.array(interesting, { maxLength: 3 }))
    .map(([offset, removed, added]) => {
      const octets = [...bytes];
      octets.splice(offset, removed, ...added);
      return Uint8Array.from(octets);
    });
  return fc.oneof({ weight: 4, arbitrary: octet }, { weight: 1, arbitrary: splice });
}

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return false;
  }
}

async function neverAcceptWhatGoRefuses(
  op: "parse" | "parse-request",
  bases: readonly Uint8Array[],
  accept: (bytes: Uint8Array) => boolean,
): Promise<void> {
  let both = 0;
  for (const base of bases) {
    assert.ok(accept(base));
    const inputs = fc.sample(edits(base), 1_500);
    const answers = await go.parse(op, inputs);
    for (const [index, input] of inputs.entries()) {
      if (!accept(input)) continue;
      both++;
      const refusal = answers[index]?.error;
      assert.equal(
        refusal,
        undefined,
        `Go refuses with "${refusal}" what we accept: ${Buffer.from(input).toString("hex")}`,
      );
    }
  }
  // The comparison means something only while many mutations still parse.
  assert.ok(both > bases.length * 50, `only ${both} mutations were accepted`);
}

test("no mutated certificate that Go refuses is accepted here", async () => {
  const made = [
    ...caKeys
      .slice(0, 4)
      .map((key) => issueCa("ca", undefined, { subject: { commonName: "ca", organization: "Ö" } }, key)),
    rsa,
    issueLeaf(rsa),
  ];
  const bases = [everyExtension(), ...made.map(({ certificate }) => certificate.raw)];
  await neverAcceptWhatGoRefuses("parse", bases, (bytes) => accepts(() => parseCertificate(bytes)));
});

test("no mutated request that Go refuses, or whose signature it refuses, is accepted here", async () => {
  const names = { uris: ["spiffe://a/b"], dnsNames: ["a.b"], ipAddresses: ["::1"], emails: ["x@y"] };
  const bases = [rsa, issueLeaf(rsa)].map(
    ({ key }) =>
      createCertificateRequestSync({ key, subject: { commonName: "x" }, subjectAltNames: names }).raw,
  );
  await neverAcceptRequests(bases);
});

// Every change breaks the signature, so what is compared is parsing; Go's answer says which of the two failed.
async function neverAcceptRequests(bases: readonly Uint8Array[]): Promise<void> {
  for (const base of bases) {
    const inputs = fc.sample(edits(base), 1_500);
    const answers = await go.parse("parse-request", inputs);
    for (const [index, input] of inputs.entries()) {
      const refusal = answers[index]?.error;
      if (accepts(() => parseCertificateRequest(input).checkSignature()))
        assert.equal(refusal, undefined, Buffer.from(input).toString("hex"));
      const parsed = refusal === undefined || /verification|verify|signature/.test(refusal);
      if (accepts(() => parseCertificateRequest(input)))
        assert.ok(parsed, `Go refuses with "${refusal}": ${Buffer.from(input).toString("hex")}`);
    }
  }
}
