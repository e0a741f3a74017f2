import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type InstallErrorCode,
  readTrustedKeys,
  type TrustedKey,
  verifySignatures,
  verifySums,
} from "@drawbar/install";
import { gpgArmoredKey, gpgKeys, gpgSecretKey, gpgSignatures, signedText } from "./gpg-vectors.ts";

const june2025 = new Date("2025-06-01T00:00:00Z");
const june2026 = new Date("2026-06-01T00:00:00Z");

type Signer = keyof typeof gpgKeys;

async function pinned(...names: readonly Signer[]): Promise<readonly TrustedKey[]> {
  const keys = await Promise.all(
    names.map((name) => readTrustedKeys(Buffer.from(gpgKeys[name], "base64"), name)),
  );
  return keys.flat();
}

function signed(by: keyof typeof gpgSignatures, text: string = signedText) {
  const signature = {
    kind: "openpgp" as const,
    origin: `${by}.sig`,
    bytes: Buffer.from(gpgSignatures[by], "base64"),
  };
  return { origin: "SHA256SUMS", text: Buffer.from(text), signatures: [signature] };
}

test("takes a signature that a subkey made with GnuPG, binary or armoured", async () => {
  const keys = await pinned("demo");
  assert.equal(await verifySignatures(signed("demo"), keys, june2025), keys[0]);
  assert.equal(await verifySignatures(signed("armored"), keys, june2025), keys[0]);
});

test("takes a signature by an RSA key, by any of several keys, and reads the digest that it covers", async () => {
  const keys = await pinned("other", "old");
  const checksum = await verifySums(signed("old"), "demo_1.0.0_linux_amd64.zip", keys, june2025);
  assert.equal(checksum.digest, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  assert.equal(checksum.signedBy, keys[1]);
});

test("takes a key as armoured text, and several in one", async () => {
  const [one] = await readTrustedKeys(gpgArmoredKey, "key.asc");
  assert.deepEqual([one], await pinned("demo"));
  const both = Buffer.concat([Buffer.from(gpgKeys.demo, "base64"), Buffer.from(gpgKeys.old, "base64")]);
  assert.deepEqual(await readTrustedKeys(both, "keys"), await pinned("demo", "old"));
});

const refusals: readonly (readonly [
  title: string,
  by: keyof typeof gpgSignatures,
  keys: readonly Signer[],
  now: Date,
  code: InstallErrorCode,
  message: RegExp,
])[] = [
  [
    "by a key that is not pinned",
    "demo",
    ["other", "old"],
    june2025,
    "key-unknown",
    /not trusted .*pin it too/,
  ],
  [
    "by a key that has expired since",
    "old",
    ["old"],
    june2026,
    "key-expired",
    /has expired; if its owner has extended/,
  ],
  ["by a key that was revoked", "gone", ["gone"], june2025, "key-revoked", /which its owner has revoked/],
  ["that has expired", "short", ["demo"], june2025, "signature-expired", /expired on 2025-01-31/],
  ["with SHA-1", "weak", ["old"], june2025, "signature-weak", /made with SHA1/],
  ["of text", "text", ["demo"], june2025, "signature-wrong", /not of a file's bytes/],
  [
    "from the future",
    "future",
    ["demo"],
    june2025,
    "signature-wrong",
    /dated 2030-01-01.*2025-06-01 by the clock/,
  ],
];

for (const [title, by, keys, now, code, message] of refusals) {
  test(`refuses a signature ${title}`, async () => {
    await assert.rejects(verifySignatures(signed(by), await pinned(...keys), now), { code, message });
  });
}

test("refuses altered bytes, whatever became of the key", async () => {
  const altered = /were altered/;
  const text = signedText.replace("2", "3");
  for (const [by, now] of [
    ["demo", june2025],
    ["old", june2026],
    ["gone", june2025],
    ["short", june2026],
  ] as const) {
    const signer = by === "short" ? "demo" : by;
    const attempt = verifySignatures(signed(by, text), await pinned(signer), now);
    await assert.rejects(attempt, { code: "signature-wrong", message: altered });
  }
});

test("refuses what is no signature, and a document without one", async () => {
  const keys = await pinned("demo");
  const junk = { kind: "openpgp" as const, origin: "junk.sig", bytes: Buffer.from("no signature") };
  const text = Buffer.from(signedText);
  await assert.rejects(verifySignatures({ origin: "SUMS", text, signatures: [junk] }, keys, june2025), {
    code: "signature-wrong",
    message: /junk\.sig is no OpenPGP signature/,
  });
  await assert.rejects(verifySignatures({ origin: "SUMS", text, signatures: [] }, keys, june2025), {
    code: "signature-missing",
    message: /SUMS is not signed: a openpgp signature was expected/,
  });
});

test("one true signature among others is enough, and of several faults the worst is told", async () => {
  const keys = await pinned("demo");
  const [unknown, good] = [signed("other").signatures, signed("demo").signatures];
  const text = Buffer.from(signedText);
  const both = { origin: "SUMS", text, signatures: [...unknown, ...good] };
  assert.equal(await verifySignatures(both, keys, june2025), keys[0]);
  await assert.rejects(verifySignatures({ ...both, text: Buffer.from("x") }, keys, june2025), {
    code: "signature-wrong",
  });
});

test("refuses to pin a secret key", async () => {
  await assert.rejects(readTrustedKeys(gpgSecretKey, "my.asc"), {
    code: "bad-key",
    message: /my\.asc holds a secret key/,
  });
});
