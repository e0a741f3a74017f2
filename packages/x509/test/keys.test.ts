import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import {
  type Curve,
  generateKey,
  generateKeySync,
  keyId,
  keyKind,
  parsePrivateKey,
  parsePublicKey,
  privateKeyToPem,
  publicKeyToPem,
  spkiOf,
} from "@drawbar/x509";

const curves: readonly Curve[] = ["P-224", "P-256", "P-384", "P-521"];

test("EC keys of each curve go out and in as SEC1 and PKCS#8", () => {
  for (const curve of curves) {
    const { privateKey, publicKey } = generateKeySync({ type: "ec", curve });
    assert.deepEqual(keyKind(privateKey), { type: "ec", curve });
    assert.match(privateKeyToPem(privateKey), /^-----BEGIN EC PRIVATE KEY-----\n/);
    for (const format of ["sec1", "pkcs8"] as const) {
      const read = parsePrivateKey(privateKeyToPem(privateKey, format));
      assert.deepEqual(spkiOf(read), spkiOf(publicKey));
      const der = privateKey.export({ type: format, format: "der" });
      assert.deepEqual(spkiOf(parsePrivateKey(der, { format })), spkiOf(publicKey));
    }
    assert.deepEqual(spkiOf(parsePublicKey(publicKeyToPem(privateKey))), spkiOf(publicKey));
  }
});

test("RSA keys go out and in as PKCS#1 and PKCS#8", async () => {
  const { privateKey } = await generateKey({ type: "rsa", bits: 2048 });
  assert.deepEqual(keyKind(privateKey), { type: "rsa", bits: 2048 });
  assert.match(privateKeyToPem(privateKey), /^-----BEGIN RSA PRIVATE KEY-----\n/);
  for (const format of ["pkcs1", "pkcs8"] as const) {
    assert.deepEqual(spkiOf(parsePrivateKey(privateKeyToPem(privateKey, format))), spkiOf(privateKey));
  }
  assert.throws(() => privateKeyToPem(privateKey, "sec1"), { code: "invalid_option" });
});

test("Ed25519 keys go out and in as PKCS#8", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  assert.deepEqual(spkiOf(parsePrivateKey(privateKeyToPem(privateKey))), spkiOf(privateKey));
});

test("kinds of key outside of the list are refused as unsupported", () => {
  for (const key of [
    generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey,
    generateKeyPairSync("ed448").privateKey,
    generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey,
    generateKeyPairSync("ec", { namedCurve: "P-256", paramEncoding: "explicit" }).privateKey,
  ]) {
    assert.throws(() => keyKind(key), { name: "X509Error", code: "unsupported_key" });
  }
  assert.throws(() => generateKeySync({ type: "rsa", bits: 1024 }), {
    code: "invalid_option",
    message: /2048/,
  });
  assert.throws(() => generateKeySync({ type: "ec", curve: "P-999" as Curve }), {
    code: "invalid_option",
    message: /P-999/,
  });
});

test("a private key with another key's public half is refused", () => {
  const [one, two] = [
    generateKeySync({ type: "ec", curve: "P-256" }),
    generateKeySync({ type: "ec", curve: "P-256" }),
  ];
  const der = one.privateKey.export({ type: "sec1", format: "der" });
  const point = spkiOf(two.publicKey).subarray(-65);
  der.set(point, der.length - 65);
  assert.throws(() => parsePrivateKey(der, { format: "sec1" }), {
    code: "malformed_key",
    message: /belong together/,
  });
});

test("a public key off its curve is refused", () => {
  const spki = Uint8Array.from(spkiOf(generateKeySync({ type: "ec", curve: "P-256" }).publicKey));
  spki[spki.length - 1] = (spki[spki.length - 1] ?? 0) ^ 1;
  assert.throws(() => parsePublicKey(spki), { code: "malformed_key" });
});

test("an error about a private key says nothing of its contents", () => {
  const pem = "-----BEGIN PRIVATE KEY-----\nU0VDUkVUU0VDUkVUU0VDUkVU\n-----END PRIVATE KEY-----\n";
  assert.throws(
    () => parsePrivateKey(pem),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "malformed_key");
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(JSON.stringify(error) + error.message, /SECRET|U0VD/);
      return true;
    },
  );
});

test("key ids are those of RFC 7093, RFC 5280 and Consul for a known key", () => {
  const key = createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
      y: "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    },
  });
  const hex = (method: Parameters<typeof keyId>[1]): string =>
    Buffer.from(keyId(key, method)).toString("hex");
  assert.equal(hex("sha256-160"), "698bea63dc44a344663ff1429aea10842df27b6b");
  assert.equal(hex("sha1"), "b467a3999eb5efa671de0032f08a9c9e5efda0e1");
  assert.equal(hex("sha256-spki"), "5cd252fb0ce8932436faf8ccd1040981b89ee4ad6b9fe9e2a2b7e71aacb27cd3");
});
