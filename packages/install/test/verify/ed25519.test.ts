import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSigningKeyPair, readSigningKey, readTrustedKeys, verifySignatures } from "@drawbar/install";

const now = new Date("2025-06-01T00:00:00Z");

/** RFC 8032, section 7.1, test 3: the message af82. */
const rfc = {
  publicKey: "ed25519:fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  signature:
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
};

function document(signature: Uint8Array, text: Uint8Array = Buffer.from("af82", "hex")) {
  return {
    origin: "SUMS",
    text,
    signatures: [{ kind: "ed25519" as const, origin: "SUMS.ed25519", bytes: signature }],
  };
}

test("takes the signature of RFC 8032 in bytes, hexadecimal and base64", async () => {
  const keys = await readTrustedKeys(rfc.publicKey, "key");
  const bytes = Buffer.from(rfc.signature, "hex");
  for (const form of [bytes, Buffer.from(`${rfc.signature}\n`), Buffer.from(bytes.toString("base64"))]) {
    assert.equal(await verifySignatures(document(form), keys, now), keys[0]);
  }
});

test("refuses other bytes, and what is no signature", async () => {
  const keys = await readTrustedKeys(rfc.publicKey, "key");
  const bytes = Buffer.from(rfc.signature, "hex");
  await assert.rejects(verifySignatures(document(bytes, Buffer.from("x")), keys, now), {
    code: "signature-wrong",
    message: /the list was altered, or another key signed/,
  });
  await assert.rejects(verifySignatures(document(bytes.subarray(1)), keys, now), {
    code: "signature-wrong",
    message: /64 bytes were expected/,
  });
});

test("a signature of a kind that no key is pinned for is by an unknown key", async () => {
  const keys = await readTrustedKeys("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", "key");
  await assert.rejects(verifySignatures(document(Buffer.alloc(64)), keys, now), {
    code: "key-unknown",
    message: /no key of this kind is trusted/,
  });
});

for (const passphrase of [undefined, "correct horse"]) {
  test(`what a key of ours signs is true, ${passphrase === undefined ? "open" : "locked"} as it is kept`, async () => {
    const { publicKey, secretKey, id } = await generateSigningKeyPair({ kind: "ed25519", passphrase });
    const key = await readSigningKey(Buffer.from(secretKey), "my.pem", async () => passphrase);
    const keys = await readTrustedKeys(publicKey, "my.pub.pem");
    assert.deepEqual([key.id, keys[0]?.id], [id, id]);
    const text = Buffer.from("text");
    assert.equal(
      await verifySignatures(document(await key.sign(text, "SUMS", now), text), keys, now),
      keys[0],
    );
  });
}

test("a locked key stays closed to a wrong passphrase", async () => {
  const { secretKey } = await generateSigningKeyPair({ kind: "ed25519", passphrase: "correct horse" });
  await assert.rejects(
    readSigningKey(Buffer.from(secretKey), "my.pem", async () => "wrong"),
    { code: "bad-passphrase" },
  );
});

test("what is no key is refused by its place", async () => {
  for (const text of [
    "",
    "hello",
    "ed25519:AAAA",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
  ]) {
    await assert.rejects(readTrustedKeys(text, "the option --key"), {
      code: "bad-key",
      message: /^the key the option --key/,
    });
  }
});
