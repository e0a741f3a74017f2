import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileDigest, readChecksumList, treeDigest, verifySums } from "@drawbar/install";

const a = "a".repeat(64);
const b = "b".repeat(64);
const now = new Date(0);

function read(text: string) {
  return readChecksumList(Buffer.from(text), "SUMS");
}

function digestOf(text: string, name = "x") {
  return read(text).get(name)?.[0]?.digest;
}

test("reads what sha256sum and shasum write, with text and binary marks, line ends of either kind and capitals", () => {
  assert.equal(digestOf(`${a}  x\n`), a);
  assert.equal(digestOf(`${a} *x\r\n${b}  y\r\n`), a);
  assert.equal(digestOf(`# made by hand\n\n${a.toUpperCase()}  ./x`), a);
  assert.equal(digestOf(`${a}  name with  spaces\n`, "name with  spaces"), a);
});

test("reads what BSD's sha256 and openssl write, of several hashes", () => {
  const list = read(
    `SHA256 (x) = ${a}\nSHA512 (y) = ${a}${b}\nSHA-512 (x) = ${b}${b}\nSHA1 (x) = ${a.slice(24)}\n`,
  );
  assert.deepEqual(list.get("x"), [
    { hash: "sha256", digest: a },
    { hash: "sha512", digest: b + b },
    { hash: "sha1", digest: a.slice(24) },
  ]);
});

for (const [what, text, message] of [
  ["a line that is none", `${a}  x\nhello\n`, /SUMS has a line 2 that is no checksum and name/],
  ["a digest of a strange length", `${a}ab  x\n`, /line 1/],
  ["a digest of another length than its hash", `SHA512 (x) = ${a}\n`, /line 1/],
  ["no space", `${a} x\n`, /line 1/],
  ["a name that sha256sum escaped", `\\${a}  x\\ny\n`, /line 1/],
  ["two digests for one name", `${a}  x\n${b}  ./x\n`, /two sha256 digests for "x"/],
  ["too many lines", "\n".repeat(100_001), /more than 100000 lines/],
] as const) {
  test(`refuses ${what}`, () => {
    assert.throws(() => read(text), { code: "bad-checksums", message });
  });
}

test("refuses what is no text, or too long", () => {
  assert.throws(() => readChecksumList(Buffer.from([0xff, 0xfe]), "SUMS"), { message: /is no text/ });
  assert.throws(() => readChecksumList(Buffer.alloc(17 * 2 ** 20), "SUMS"), {
    message: /more than 16777216 bytes/,
  });
});

test("one line twice is one line", () => {
  assert.equal(digestOf(`${a}  x\n${a} *x\n`), a);
});

test("without keys a list is believed, and a file that is not in it is not", async () => {
  const document = { origin: "SUMS", text: Buffer.from(`${a}  x\n${a.slice(32)}  old\n`), signatures: [] };
  assert.deepEqual(await verifySums(document, "x", [], now), {
    hash: "sha256",
    digest: a,
    signedBy: undefined,
  });
  await assert.rejects(verifySums(document, "y", [], now), {
    code: "checksum-missing",
    message: /no checksum for y/,
  });
  await assert.rejects(verifySums(document, "old", [], now), {
    code: "checksum-missing",
    message: /only weak checksums/,
  });
});

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "drawbar-digest-"));
  await mkdir(join(path, "a", "b"), { recursive: true });
  await writeFile(join(path, "a", "b", "deep"), "deep\n");
  await writeFile(join(path, "a.txt"), "a\n");
  await writeFile(join(path, "Ä"), "");
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test("digests a file, by the hash that is asked for", async () => {
  await using place = await folder();
  const file = join(place.path, "a.txt");
  assert.equal(
    await fileDigest(file, "sha256"),
    "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7",
  );
  assert.equal((await fileDigest(file, "sha512")).length, 128);
  await assert.rejects(fileDigest(file, "sha257"), { code: "bad-source", message: /no hash "sha257"/ });
});

// dirhash.HashDir(path, "", dirhash.Hash1) of golang.org/x/mod v0.43.0 over the same files.
test("digests a folder as Go's dirhash does, names and bytes but nothing else", async () => {
  await using place = await folder();
  assert.equal(await treeDigest(place.path), "h1:WBMfCbjGbZ9Fqd0JzeQhxcRtJZHUNTevYt9/Ybskxf0=");
  await writeFile(join(place.path, "a", "extra"), "x");
  assert.equal(
    await treeDigest(place.path, { except: ["a/extra"] }),
    "h1:WBMfCbjGbZ9Fqd0JzeQhxcRtJZHUNTevYt9/Ybskxf0=",
  );
  assert.notEqual(await treeDigest(place.path), "h1:WBMfCbjGbZ9Fqd0JzeQhxcRtJZHUNTevYt9/Ybskxf0=");
});

test("a link in a folder has no digest", async () => {
  await using place = await folder();
  await symlink("a.txt", join(place.path, "link"));
  await assert.rejects(treeDigest(place.path), {
    code: "unsafe-archive",
    message: /link is a symbolic link, and a plugin may hold nothing but files and folders/,
  });
});
