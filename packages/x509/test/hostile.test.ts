import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createCertificateRequestSync,
  parseCertificate,
  parseCertificateRequest,
  parseCertificates,
  parsePem,
  parsePrivateKey,
  parsePublicKey,
  spkiOf,
  verifyChain,
  X509Error,
} from "@drawbar/x509";
import fc from "fast-check";
import { authority, leaf, now } from "./support.ts";

const root = authority("root", undefined, { subject: { commonName: "root", organization: "Ö" } });
const web = leaf(root, {
  subjectAltNames: {
    uris: ["spiffe://1.consul/a"],
    dnsNames: ["a.b"],
    ipAddresses: ["::1"],
    emails: ["x@y"],
  },
});
const request = createCertificateRequestSync({
  key: web.key,
  subjectAltNames: web.certificate.subjectAltNames,
});

// The only things a parser may do: return, or throw an X509Error.
function onlyX509Error(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
  }
}

function readAll(certificate: Uint8Array): void {
  const read = parseCertificate(certificate);
  read.subject.toString();
  read.toPem();
  onlyX509Error(() => read.checkSignature(root.certificate.publicKey));
  onlyX509Error(() => verifyChain({ leaf: read, anchors: [root.certificate], at: now }));
}

// A few octets of something valid replaced, removed or inserted.
function mutations(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: bytes.length - 1 });
  const edit = fc.tuple(at, fc.nat({ max: 4 }), fc.uint8Array({ maxLength: 4 }));
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const octets = [...bytes];
    for (const [offset, removed, inserted] of edits) octets.splice(offset, removed, ...inserted);
    return Uint8Array.from(octets);
  });
}

test("mutated certificates are read or refused with an X509Error, and a changed signed part never verifies", () => {
  fc.assert(
    fc.property(mutations(web.certificate.raw), (bytes) => onlyX509Error(() => readAll(bytes))),
    { numRuns: 2_000 },
  );
  const { raw, signedBytes } = web.certificate;
  const start = Buffer.from(raw).indexOf(signedBytes);
  fc.assert(
    fc.property(fc.nat({ max: signedBytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(raw);
      bytes[start + at] = (bytes[start + at] ?? 0) ^ change;
      assert.throws(
        () => verifyChain({ leaf: parseCertificate(bytes), anchors: [root.certificate], at: now }),
        X509Error,
      );
    }),
    { numRuns: 500 },
  );
});

test("mutated requests are read or refused with an X509Error", () => {
  fc.assert(
    fc.property(mutations(request.raw), (bytes) =>
      onlyX509Error(() => parseCertificateRequest(bytes).checkSignature()),
    ),
    { numRuns: 1_000 },
  );
});

test("mutated keys are read or refused with an X509Error", () => {
  const sec1 = web.key.export({ type: "sec1", format: "der" });
  fc.assert(
    fc.property(mutations(sec1), (bytes) => onlyX509Error(() => parsePrivateKey(bytes, { format: "sec1" }))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(mutations(spkiOf(web.key)), (bytes) => onlyX509Error(() => parsePublicKey(bytes))),
    { numRuns: 500 },
  );
});

test("arbitrary bytes and text are refused with an X509Error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.throws(() => parseCertificate(bytes), X509Error);
      assert.throws(() => parseCertificateRequest(bytes), X509Error);
    }),
  );
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "AQID", "a: b"),
  );
  fc.assert(
    fc.property(
      fc.array(line).map((lines) => lines.join("\n")),
      (text) => {
        onlyX509Error(() => parsePem(text));
        onlyX509Error(() => parseCertificates(text));
      },
    ),
  );
});

test("a unique identifier is passed over if it is a BIT STRING, and refused if it is not (as in OpenSSL)", () => {
  const { raw, publicKeySpki } = web.certificate;
  // The wrapper of the extensions, which stands behind the key, becomes an issuerUniqueID of the same length.
  const at = Buffer.from(raw).indexOf(publicKeySpki) + publicKeySpki.length;
  const contentsAt = at + 2 + ((raw[at + 1] ?? 0) & 0x7f);
  assert.equal(raw[at], 0xa3);
  assert.equal(raw[contentsAt], 0x30);
  const asUniqueId = raw.with(at, 0x81);
  assert.throws(() => parseCertificate(asUniqueId), {
    code: "malformed_der",
    message: /^unique identifier: .*wrong count of unused bits/,
  });
  assert.deepEqual(parseCertificate(asUniqueId.with(contentsAt, 0)).extensions, []);
});
