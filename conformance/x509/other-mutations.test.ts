// What @peculiar/x509 needs before it is loaded: decorators' metadata.
import "@abraham/reflection";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, test } from "node:test";
import { createCertificateRequestSync, parseCertificate, parseCertificateRequest } from "@drawbar/x509";
import * as peculiar from "@peculiar/x509";
import fc from "fast-check";
import { accepts, edits, everyExtension } from "./mutations.ts";
import { OpenSsl } from "./openssl.ts";
import { issueCa, issueLeaf } from "./samples.ts";

const openssl = new OpenSsl();
after(() => openssl.remove());

const ca = issueCa("ca");
const certificates = [everyExtension(openssl), ca.certificate.raw, issueLeaf(ca).certificate.raw];
const names = { uris: ["spiffe://a/b"], dnsNames: ["a.b"], ipAddresses: ["::1"], emails: ["x@y"] };
const request = createCertificateRequestSync({
  key: ca.key,
  subject: { commonName: "x" },
  subjectAltNames: names,
});

/** Whatever we take of the mutations, `theirs` takes as well. */
function neverMoreThan(
  bases: readonly Uint8Array[],
  ours: (bytes: Uint8Array) => unknown,
  theirs: (bytes: Uint8Array) => unknown,
  mutations: number,
): void {
  for (const base of bases) {
    let both = 0;
    for (const bytes of fc.sample(edits(base), mutations)) {
      if (!accepts(() => ours(bytes))) continue;
      both++;
      assert.doesNotThrow(() => theirs(bytes), Buffer.from(bytes).toString("hex"));
    }
    // The comparison means something only while many mutations still parse.
    assert.ok(both > mutations / 20, `only ${both} mutations were accepted`);
  }
}

test("no mutated certificate that OpenSSL refuses is accepted here", () => {
  neverMoreThan(certificates, parseCertificate, (bytes) => new X509Certificate(bytes), 800);
});

test("no mutated certificate or request that @peculiar/x509 refuses is accepted here", () => {
  neverMoreThan(
    certificates,
    parseCertificate,
    (bytes) => new peculiar.X509Certificate(Uint8Array.from(bytes)),
    200,
  );
  neverMoreThan(
    [request.raw],
    parseCertificateRequest,
    (bytes) => new peculiar.Pkcs10CertificateRequest(Uint8Array.from(bytes)),
    200,
  );
});
