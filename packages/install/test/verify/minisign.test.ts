import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DetachedSignature,
  generateSigningKeyPair,
  readSigningKey,
  readTrustedKeys,
  verifySignatures,
} from "@drawbar/install";

const now = new Date("2025-06-01T00:00:00Z");

/** Of minisign's own documentation and test: the message `test`, signed in both ways. */
const published = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const vectors: Readonly<Record<"legacy" | "prehashed", string>> = {
  legacy: `untrusted comment: signature from minisign secret key
RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=
trusted comment: timestamp:1555779966	file:test
QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==
`,
  prehashed: `untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1556193335	file:test
y/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==
`,
};

function document(signature: string | Uint8Array, text = "test") {
  const detached: DetachedSignature = {
    kind: "minisign",
    origin: "SUMS.minisig",
    bytes: Buffer.from(signature),
  };
  return { origin: "SUMS", text: Buffer.from(text), signatures: [detached] };
}

for (const [kind, signature] of Object.entries(vectors)) {
  test(`takes the ${kind} signature of minisign's own tests`, async () => {
    const keys = await readTrustedKeys(published, "key");
    assert.equal((await verifySignatures(document(signature), keys, now)).id, "E7620F1842B4E81F");
  });

  test(`refuses the ${kind} signature for other bytes, and with another comment`, async () => {
    const keys = await readTrustedKeys(`untrusted comment: minisign public key\n${published}\n`, "key.pub");
    await assert.rejects(verifySignatures(document(signature, "Test"), keys, now), {
      code: "signature-wrong",
      message: /SUMS\.minisig is not that of E7620F1842B4E81F over these bytes/,
    });
    await assert.rejects(verifySignatures(document(signature.replace("file:test", "file:best")), keys, now), {
      code: "signature-wrong",
      message: /trusted comment that was altered/,
    });
  });
}

test("refuses a signature by another key, and what is no signature", async () => {
  const { publicKey } = await generateSigningKeyPair({ kind: "minisign", passphrase: undefined });
  const keys = await readTrustedKeys(publicKey, "key");
  await assert.rejects(verifySignatures(document(vectors.legacy), keys, now), {
    code: "key-unknown",
    message: /made by the key E7620F1842B4E81F, which is not trusted/,
  });
  for (const junk of ["", "a\nb\nc\nd\n", vectors.legacy.slice(0, 150), `${vectors.legacy}more`]) {
    await assert.rejects(verifySignatures(document(junk), keys, now), {
      code: "signature-wrong",
      message: /four lines/,
    });
  }
});

test("what a key of ours signs is true, and the key opens with its passphrase only", async () => {
  const { publicKey, secretKey, id } = await generateSigningKeyPair({
    kind: "minisign",
    passphrase: "correct horse",
    stretching: "interactive",
  });
  const key = await readSigningKey(Buffer.from(secretKey), "my.key", async () => "correct horse");
  assert.equal(key.id, id);
  const signature = await key.sign(Buffer.from("test"), "SUMS", now);
  assert.match(
    Buffer.from(signature).toString(),
    /^trusted comment: timestamp:1748736000\tfile:SUMS\thashed$/m,
  );
  const keys = await readTrustedKeys(publicKey, "my.pub");
  assert.equal(await verifySignatures(document(signature), keys, now), keys[0]);
  const wrong = readSigningKey(Buffer.from(secretKey), "my.key", async () => "wrong");
  await assert.rejects(wrong, {
    code: "bad-passphrase",
    message: /my\.key is locked, and the passphrase does not open it/,
  });
  const none = readSigningKey(Buffer.from(secretKey), "my.key", async () => undefined);
  await assert.rejects(none, { code: "bad-passphrase", message: /no passphrase was given/ });
});

test("a damaged or foreign secret key is refused", async () => {
  const ask = async () => undefined;
  const { secretKey } = await generateSigningKeyPair({ kind: "minisign", passphrase: undefined });
  const [comment, line = ""] = secretKey.split("\n");
  const damaged = Buffer.from(line, "base64");
  damaged[100] = (damaged[100] ?? 0) ^ 1;
  await assert.rejects(readSigningKey(Buffer.from(`${comment}\n${damaged.toString("base64")}\n`), "k", ask), {
    code: "bad-key",
    message: /checksum is wrong/,
  });
  await assert.rejects(readSigningKey(Buffer.from("no key"), "k", ask), {
    code: "bad-key",
    message: /no secret key of/,
  });
});
