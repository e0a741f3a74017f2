import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "@drawbar/cli";
import { readTrustedKeys, verifySums } from "@drawbar/install";
import { RecordingContext } from "./recording-context.ts";

/** A folder with a program `kv`, in which commands run. */
async function project() {
  const cwd = await mkdtemp(join(tmpdir(), "drawbar-release-"));
  await writeFile(join(cwd, "kv"), "#!/bin/sh\necho kv\n");
  return {
    cwd,
    async run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
      const recording = new RecordingContext();
      const code = await run(args, { ...recording, cwd, env });
      return { code, stdout: recording.stdout, stderr: recording.stderr };
    },
    /** As `run`, of a command that must succeed and print JSON. */
    async json(args: readonly string[], env?: Readonly<Record<string, string>>) {
      const { code, stdout, stderr } = await this.run([...args, "--json"], env);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    },
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }),
  };
}

const packKv = ["pack", "linux_amd64=kv", "windows_arm64=kv", "--name", "kv", "--version", "1.2.0"];
const site = "site/example.com/acme/kv";

test("packs a program for each platform, with the same bytes each time", async () => {
  await using place = await project();
  const packed = await place.json(packKv);
  const dist = join(place.cwd, "dist");
  assert.deepEqual(packed, {
    archives: [join(dist, "kv_1.2.0_linux_amd64.zip"), join(dist, "kv_1.2.0_windows_arm64.zip")],
    checksums: join(dist, "kv_1.2.0_SHA256SUMS"),
  });
  const before = await readFile(packed.checksums, "utf8");
  assert.match(
    before,
    /^[0-9a-f]{64} {2}kv_1\.2\.0_linux_amd64\.zip\n[0-9a-f]{64} {2}kv_1\.2\.0_windows_arm64\.zip\n$/,
  );
  await place.json(packKv, { TZ: "Asia/Tokyo" });
  assert.equal(await readFile(packed.checksums, "utf8"), before);
  assert.deepEqual((await readdir(dist)).length, 3);
});

test("packs a folder, and adds a platform to the list that is there", async () => {
  await using place = await project();
  await mkdir(join(place.cwd, "out", "bin"), { recursive: true });
  await writeFile(join(place.cwd, "out", "bin", "kv"), "#!/bin/sh\n");
  await place.json(packKv);
  const more = ["pack", "darwin_arm64=out", "--program", "bin/kv", "--name", "kv", "--version", "1.2.0"];
  const { checksums } = await place.json(more);
  assert.equal((await readFile(checksums, "utf8")).split("\n").length, 4);
});

test("packs under the name and version of package.json, where none are given", async () => {
  await using place = await project();
  const untold = await place.run(["pack", "kv", "--name", "kv"]);
  assert.equal(untold.code, 2);
  assert.match(untold.stderr, /say the plugin's --version: .*package\.json does not have it/);
  await writeFile(join(place.cwd, "package.json"), '{ "name": "@acme/kv", "version": "2.0.1" }');
  assert.match((await place.json(["pack", "kv"])).checksums, /kv_2\.0\.1_SHA256SUMS$/);
  assert.match((await place.json(["pack", "kv", "--version", "3.0.0"])).checksums, /kv_3\.0\.0_SHA256SUMS$/);
});

test("refuses to pack what has no program, no version or no name", async () => {
  await using place = await project();
  await mkdir(join(place.cwd, "empty"));
  const cases = [
    [["empty", "--name", "kv", "--version", "1.0.0"], 1, /has no kv_v1\.0\.0: say which file is the program/],
    [["kv", "--name", "kv", "--version", "one"], 1, /"one" is no semantic version/],
    [["kv", "--name", "../kv", "--version", "1.0.0"], 1, /is no name for a plugin/],
    [["linux=kv", "--name", "kv", "--version", "1.0.0"], 2, /does not begin with a platform/],
  ] as const;
  for (const [args, code, message] of cases) {
    const result = await place.run(["pack", ...args]);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
  }
});

test("makes a key that only its owner reads, signs with it, and the signature is true", async () => {
  await using place = await project();
  await place.json(packKv);
  const made = await place.json(["sign", "--generate", "acme", "--no-passphrase"]);
  assert.equal((await stat(made.secretKey)).mode & 0o777, 0o600);
  const signed = await place.json(["sign", "dist", "--key", "acme.key"]);
  assert.deepEqual(signed, {
    signed: join(place.cwd, "dist", "kv_1.2.0_SHA256SUMS"),
    signature: join(place.cwd, "dist", "kv_1.2.0_SHA256SUMS.minisig"),
    by: made.id,
  });
  const keys = await readTrustedKeys(await readFile(made.publicKey), "acme.pub");
  const signature = { kind: "minisign" as const, origin: "x", bytes: await readFile(signed.signature) };
  const document = { origin: "x", text: await readFile(signed.signed), signatures: [signature] };
  const { signedBy } = await verifySums(document, "kv_1.2.0_linux_amd64.zip", keys, new Date());
  assert.equal(signedBy?.id, made.id);
});

test("signs a single file of a release, whose list it writes", async () => {
  await using place = await project();
  await writeFile(join(place.cwd, "kv_1.2.0_linux_amd64"), "program");
  await place.json(["sign", "--generate", "acme", "--kind", "ed25519"], { DRAWBAR_PASSPHRASE: "secret" });
  await writeFile(join(place.cwd, "pass"), "secret\n");
  const args = ["sign", "kv_1.2.0_linux_amd64", "--key", "acme.key"];
  const signed = await place.json([...args, "--passphrase-file", "pass"]);
  assert.equal(signed.signature, join(place.cwd, "kv_1.2.0_SHA256SUMS.ed25519"));
  const locked = await place.run(args);
  assert.equal(locked.code, 1);
  assert.match(locked.stderr, /acme\.key is locked, and no passphrase was given/);
  const wrong = await place.run(args, { DRAWBAR_PASSPHRASE: "guess" });
  assert.match(wrong.stderr, /the passphrase does not open it/);
});

test("says what is missing to sign, and keeps a key that is there", async () => {
  await using place = await project();
  const cases = [
    [["sign"], 2, /say what to sign, and with which --key/],
    [["sign", "kv", "--key", "kv"], 2, /kv is of no release/],
    [["sign", ".", "--key", "kv"], 2, /has no NAME_VERSION_SHA256SUMS/],
    [["sign", "--generate", "acme"], 2, /a new key needs a passphrase/],
    [["sign", "x", "--generate", "acme"], 2, /signs nothing/],
  ] as const;
  for (const [args, code, message] of cases) {
    const result = await place.run(args);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
  }
  await place.json(["sign", "--generate", "acme", "--no-passphrase"]);
  const again = await place.run(["sign", "--generate", "acme", "--no-passphrase"]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /acme\.key is there already; .* choose another path/);
  await rm(join(place.cwd, "acme.key"));
  assert.match(
    (await place.run(["sign", "--generate", "acme", "--no-passphrase"])).stderr,
    /acme\.pub is there already/,
  );
  await assert.rejects(stat(join(place.cwd, "acme.key")));
});

async function published() {
  const place = await project();
  await place.json(packKv);
  await place.json(["sign", "--generate", "acme", "--no-passphrase"]);
  await place.json(["sign", "dist", "--key", "acme.key"]);
  return place;
}

test("publishes a release as Terraform's network mirror protocol has it, once", async () => {
  await using place = await published();
  const folder = join(place.cwd, site);
  const result = await place.json(["publish", "dist", site]);
  assert.deepEqual(result, {
    name: "kv",
    version: "1.2.0",
    folder,
    added: [
      "kv_1.2.0_linux_amd64.zip",
      "kv_1.2.0_windows_arm64.zip",
      "kv_1.2.0_SHA256SUMS.minisig",
      "kv_1.2.0_SHA256SUMS",
      "1.2.0.json",
      "index.json",
    ],
  });
  assert.deepEqual((await readdir(folder)).sort(), [...result.added].sort());
  assert.deepEqual(JSON.parse(await readFile(join(folder, "index.json"), "utf8")), {
    versions: { "1.2.0": {} },
  });
  const { archives } = JSON.parse(await readFile(join(folder, "1.2.0.json"), "utf8"));
  assert.deepEqual(Object.keys(archives), ["linux_amd64", "windows_arm64"]);
  assert.equal(archives.linux_amd64.url, "kv_1.2.0_linux_amd64.zip");
  assert.match(archives.linux_amd64.hashes.join(" "), /^h1:[A-Za-z0-9+/]{43}= zh:[0-9a-f]{64}$/);
  assert.deepEqual((await place.json(["publish", "dist", site])).added, []);
});

test("adds versions and platforms, and changes nothing that is published", async () => {
  await using place = await published();
  await place.json(["publish", "dist", site]);
  const folder = join(place.cwd, site);
  await place.json(["pack", "darwin_arm64=kv", "--name", "kv", "--version", "1.2.0"]);
  await place.json(["sign", "dist", "--key", "acme.key"]);
  await place.json(["publish", "dist", site]);
  const { archives } = JSON.parse(await readFile(join(folder, "1.2.0.json"), "utf8"));
  assert.deepEqual(Object.keys(archives), ["darwin_arm64", "linux_amd64", "windows_arm64"]);
  await place.json(["pack", "linux_amd64=kv", "--name", "kv", "--version", "1.3.0-beta.1", "--out", "next"]);
  await place.json(["publish", "next", site, "--unsigned"]);
  const { versions } = JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
  assert.deepEqual(Object.keys(versions), ["1.2.0", "1.3.0-beta.1"]);
});

test("refuses a published version with other bytes, and leaves all as it was", async () => {
  await using place = await published();
  await place.json(["publish", "dist", site]);
  const before = await contents(join(place.cwd, site));
  await writeFile(join(place.cwd, "kv"), "#!/bin/sh\necho other\n");
  await place.json(packKv);
  await place.json(["sign", "dist", "--key", "acme.key"]);
  const result = await place.run(["publish", "dist", site]);
  assert.equal(result.code, 1);
  assert.match(
    result.stderr,
    /version 1\.2\.0 is published already, kv_1\.2\.0_linux_amd64\.zip in it, with other bytes/,
  );
  assert.deepEqual(await contents(join(place.cwd, site)), before);
});

test("refuses what is unsigned, altered since it was listed, unsafe, or another plugin's", async () => {
  await using place = await published();
  await place.json(["publish", "dist", site]);
  await place.json(["pack", "linux_amd64=kv", "--name", "other", "--version", "1.0.0", "--out", "other"]);
  const unsigned = await place.run(["publish", "other", "new"]);
  assert.equal(unsigned.code, 2);
  assert.match(unsigned.stderr, /other_1\.0\.0_SHA256SUMS is not signed/);
  const foreign = await place.run(["publish", "other", site, "--unsigned"]);
  assert.match(foreign.stderr, /is the folder of another plugin than other/);
  await writeFile(join(place.cwd, "other", "other_1.0.0_linux_amd64.zip"), "altered");
  const altered = await place.run(["publish", "other", "new", "--unsigned"]);
  assert.match(altered.stderr, /is not what other_1\.0\.0_SHA256SUMS says of it/);
  const bad = join(place.cwd, "bad");
  await mkdir(bad);
  await writeFile(join(bad, "bad_1.0.0_linux_amd64.zip"), "no archive");
  await place.json(["sign", "bad/bad_1.0.0_linux_amd64.zip", "--key", "acme.key"]);
  const unsafe = await place.run(["publish", "bad", "new"]);
  assert.match(unsafe.stderr, /its first bytes say no archive/);
  await assert.rejects(stat(join(place.cwd, "new", "index.json")));
});

async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "latin1")])),
  );
}
