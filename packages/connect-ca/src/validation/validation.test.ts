import assert from "node:assert/strict";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";
import {
  type Certificate,
  type CertificateOptions,
  createCertificateRequestSync,
  createCertificateSync,
  encodePem,
  generateKeySync,
  parseCertificateRequest,
} from "@drawbar/x509";
import { formatSpiffeId, signingIdOf } from "../spiffe/spiffe-id.ts";
import { type SetIntermediate, validateSetIntermediate } from "./validate-set-intermediate.ts";
import { validateSignIntermediate } from "./validate-sign-intermediate.ts";

const id = signingIdOf("11111111-2222-3333-4444-555555555555");
const uri = formatSpiffeId(id);
const at = new Date("2026-06-01T12:00:00Z");

interface Identity {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

function issue(commonName: string, parent?: Identity, changes: Partial<CertificateOptions> = {}): Identity {
  const { privateKey: key, publicKey } = generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = createCertificateSync({
    subject: { commonName },
    publicKey,
    issuer: parent ?? { key },
    notBefore: new Date(at.getTime() - 60_000),
    notAfter: new Date(at.getTime() + 60_000),
    basicConstraints: { ca: true },
    keyUsage: ["certSign", "crlSign", "digitalSignature"],
    subjectAltNames: { uris: [uri] },
    ...changes,
  });
  return { certificate, key };
}

const root = issue("root");
const good = issue("", root, { subject: {}, basicConstraints: { ca: true, pathLength: 0 } });

function set(changes: Partial<SetIntermediate>): Certificate {
  return validateSetIntermediate({
    intermediatePem: good.certificate.toPem(),
    rootPem: root.certificate.toPem(),
    id,
    at,
    ...changes,
  });
}

function refusesSet(changes: Partial<SetIntermediate>, message: RegExp): void {
  assert.throws(() => set(changes), { name: "ValidationError", code: "ca-intermediate-invalid", message });
}

const withChanges = (changes: Partial<CertificateOptions>): string =>
  issue("i", root, changes).certificate.toPem();

test("TestConsulProvider_SignIntermediate: an intermediate of our identity, root and key is taken", () => {
  assert.ok(set({ key: good.key }).equals(good.certificate));
  assert.ok(set({ intermediatePem: good.certificate.toPem() + root.certificate.toPem() }));
});

test("an intermediate that cannot be read is refused", () => {
  refusesSet({ intermediatePem: "" }, /^error parsing intermediate PEM: no PEM-encoded data found/);
  const other = encodePem("PRIVATE KEY", Uint8Array.of(1));
  refusesSet(
    { intermediatePem: other },
    /^error parsing intermediate PEM: first PEM-block should be CERTIFICATE type$/,
  );
  refusesSet(
    { intermediatePem: encodePem("CERTIFICATE", Uint8Array.of(0x30, 0)) },
    /^error parsing intermediate PEM: /,
  );
});

test("an intermediate that is no CA is refused", () => {
  refusesSet(
    { intermediatePem: withChanges({ basicConstraints: { ca: false } }) },
    /^intermediate is not a CA certificate$/,
  );
});

test("TestVaultProvider_SignIntermediateConsul: an intermediate that lost its URI is refused, and told why", () => {
  refusesSet(
    { intermediatePem: withChanges({ subjectAltNames: {} }) },
    /^incoming intermediate cert has unexpected number of URIs: 0; expected spiffe:\/\/11111111.*uri_sans/,
  );
});

test("an intermediate with another URI, or more than one, is refused", () => {
  refusesSet(
    { intermediatePem: withChanges({ subjectAltNames: { uris: [uri, uri] } }) },
    /unexpected number of URIs: 2$/,
  );
  refusesSet(
    { intermediatePem: withChanges({ subjectAltNames: { uris: ["spiffe://other.consul"] } }) },
    /^incoming cert URI "spiffe:\/\/other\.consul" does not match current URI: "spiffe:\/\/11111111-2222-3333-4444-555555555555\.consul"$/,
  );
});

test("an intermediate that none of the roots has signed, or that is not valid now, is refused", () => {
  const start = /^could not verify intermediate cert against root: /;
  refusesSet({ rootPem: issue("root").certificate.toPem() }, start);
  refusesSet({ rootPem: issue("other").certificate.toPem() }, start);
  refusesSet({ rootPem: "" }, start);
  refusesSet({ at: new Date(at.getTime() + 61_000) }, start);
});

test("any certificate of the root PEM is an anchor, self-signed or not", () => {
  const middle = issue("middle", root);
  const below = issue("below", middle).certificate.toPem();
  const others = issue("other").certificate.toPem();
  assert.ok(set({ intermediatePem: below, rootPem: others + middle.certificate.toPem() }));
  refusesSet({ intermediatePem: below, rootPem: root.certificate.toPem() }, /unknown authority/);
});

test("an intermediate for another key than ours is refused, where we hold the key", () => {
  refusesSet({ key: root.key }, /^intermediate cert is for a different private key$/);
});

test("a request for an intermediate may have no URI or one of our trust domain, and no other", async () => {
  const request = (...uris: readonly string[]) =>
    createCertificateRequestSync({ key: good.key, subject: { commonName: "x" }, subjectAltNames: { uris } });
  const refuses = (message: RegExp, ...uris: readonly string[]): Promise<void> =>
    assert.rejects(validateSignIntermediate(request(...uris), id), { code: "ca-request-invalid", message });
  await validateSignIntermediate(request(), id);
  await validateSignIntermediate(request(uri), id);
  await refuses(/^incoming CSR has unexpected number of URIs: 2$/, uri, uri);
  await refuses(
    /^incoming CSR domain "spiffe:\/\/other\.consul" is not valid for our domain "spiffe:\/\/1111/,
    "spiffe://other.consul",
  );
  await refuses(/^SPIFFE ID must have 'spiffe' scheme$/, "https://a.consul/");
  await refuses(/is not valid for our domain/, `${uri}/agent/client/dc/dc1/id/a`);
});

test("a request for an intermediate that is not signed by its key is refused, whatever it asks for", async () => {
  const { raw } = createCertificateRequestSync({ key: good.key, subjectAltNames: { uris: [uri] } });
  const forged = Uint8Array.from(raw);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  await assert.rejects(validateSignIntermediate(parseCertificateRequest(forged), id), {
    code: "ca-request-invalid",
    message: /^CSR is not signed by its key: the signature of the certificate request is not by this key$/,
  });
});
