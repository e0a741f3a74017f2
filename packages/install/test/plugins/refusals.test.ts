import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Plugins, readTrustedKeys, type SumsDocument } from "@drawbar/install";
import { FakeGetter, printing, sha256 } from "./fake-getter.ts";
import { failure, filesBelow, Project, platform, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
let count = 0;
const bytes = printing("kv 1.0.0");
const kv = { name: "kv", source: "fake::kv" };

function begin(): { getter: FakeGetter; project: Project } {
  const getter = new FakeGetter();
  getter.offer("kv", "1.0.0", { bytes });
  const project = new Project(join(scratch, String(count++)), { getters: [getter] });
  return { getter, project };
}

/** Nothing is installed, locked or kept. */
async function nothingLeft(project: Project): Promise<void> {
  assert.deepEqual(await filesBelow(project.root), []);
  assert.deepEqual(await filesBelow(project.cacheFolder), []);
  assert.equal(await project.lockText(), undefined);
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const keys = await readTrustedKeys(publicKey.export({ type: "spki", format: "pem" }).toString(), "the test");
const fileName = `kv_1.0.0_${platform}`;

function sums(text: string, signed: string | undefined): SumsDocument {
  const signatures =
    signed === undefined
      ? []
      : [
          {
            kind: "ed25519" as const,
            origin: "SHA256SUMS.ed25519",
            bytes: sign(null, Buffer.from(signed), privateKey),
          },
        ];
  return { origin: "SHA256SUMS", text: Buffer.from(text), signatures };
}

describe("an install is refused, and nothing is left,", () => {
  it("if the bytes are not those that the source says", async () => {
    const { getter, project } = begin();
    getter.offer("kv", "1.0.0", {
      bytes,
      digests: [{ hash: "sha512", digest: "00".repeat(64), by: "a registry" }],
    });
    await failure(
      "checksum-mismatch",
      /sha512 is .* and a registry says 0000/,
      project.plugins().install(kv),
    );
    await nothingLeft(project);
  });

  it("if the list of checksums says otherwise, or has no line for it", async () => {
    const { getter, project } = begin();
    getter.offer("kv", "1.0.0", {
      fileName,
      bytes,
      sums: sums(`${"0".repeat(64)}  ${fileName}\n`, undefined),
    });
    await failure("checksum-mismatch", /SHA256SUMS says 0000/, project.plugins().install(kv));
    getter.offer("kv", "1.0.0", { fileName, bytes, sums: sums(`${sha256(bytes)}  another\n`, undefined) });
    await failure("checksum-missing", /no checksum for kv_1\.0\.0/, project.plugins().install(kv));
    await nothingLeft(project);
  });

  it("if keys are pinned and it is not signed, or the signature is of another list", async () => {
    const { getter, project } = begin();
    await failure("signature-missing", /must be signed/, project.plugins({ keys }).install(kv));
    const line = `${sha256(bytes)}  ${fileName}\n`;
    getter.offer("kv", "1.0.0", { fileName, bytes, sums: sums(line, undefined) });
    await failure("signature-missing", /not signed/, project.plugins({ keys }).install(kv));
    getter.offer("kv", "1.0.0", { fileName, bytes, sums: sums(line, `${line}# and more\n`) });
    await failure("signature-wrong", /./, project.plugins({ keys }).install(kv));
    await failure("signature-missing", /trusts none/, project.plugins({ require: "signature" }).install(kv));
    getter.offer("kv", "1.0.0", { tree: { kv: bytes } });
    await failure("signature-missing", /git checkout/, project.plugins({ keys }).install(kv));
    await nothingLeft(project);
  });

  it("if something must vouch for it and nothing does", async () => {
    const { project } = begin();
    await failure(
      "checksum-missing",
      /nothing says what/,
      project.plugins({ require: "checksum" }).install(kv),
    );
    await nothingLeft(project);
  });

  it("if no version fits, and the error lists those that there are", async () => {
    const { project } = begin();
    await failure(
      "no-version-fits",
      /~> 2\.0; fake::kv has: 1\.0\.0/,
      project.plugins().install({ ...kv, version: "~> 2.0" }),
    );
    await nothingLeft(project);
  });

  it("if nothing in it can be started, or which it is nothing says", async () => {
    const { getter, project } = begin();
    getter.offer("kv", "1.0.0", { bytes: "only a text" });
    await failure("bad-manifest", /cannot be started/, project.plugins().install(kv));
    getter.offer("kv", "1.0.0", { tree: { one: bytes, two: bytes } });
    await failure(
      "bad-manifest",
      /which of one, two it is|which of two, one it is/,
      project.plugins().install(kv),
    );
    getter.offer("kv", "1.0.0", { tree: { kv: bytes, "manifest.json": '{"program":"../../kv"}' } });
    await failure("bad-manifest", /outside of the plugin's folder/, project.plugins().install(kv));
    getter.offer("kv", "1.0.0", { tree: { kv: bytes, "manifest.json": '{"program":"kv","name":"other"}' } });
    await failure("bad-manifest", /that of plugin "other"/, project.plugins().install(kv));
    assert.deepEqual(await filesBelow(project.root), []);
    assert.equal(await project.lockText(), undefined);
  });

  it("if its name could lead elsewhere", async () => {
    const { project } = begin();
    for (const name of ["../kv", "a/b", ".hidden", "-v", "", "con", "kv.", "a".repeat(65)]) {
      await failure("bad-source", /cannot be a plugin's name/, project.plugins().install({ ...kv, name }));
    }
    await nothingLeft(project);
  });

  it("if it is cancelled", async () => {
    const { project } = begin();
    const abort = new AbortController();
    const plugins = project.plugins({
      signal: abort.signal,
      onProgress: ({ kind }) => kind === "waiting" && abort.abort(),
    });
    const held = project.plugins({
      onProgress: ({ kind }) => kind === "resolving" && assert.rejects(plugins.install(kv), /cancelled/),
    });
    await held.install(kv);
  });
});

describe("what a lock file has", () => {
  it("must be what is fetched", async () => {
    const { getter, project } = begin();
    await project.plugins().install(kv);
    const { cacheFolder, root } = new Project(join(scratch, String(count++)));
    getter.offer("kv", "1.0.0", { bytes: printing("changed") });
    const text = await project.lockText();
    const error = await failure(
      "lock-mismatch",
      /not what the lock file has/,
      project.plugins({ cacheFolder, root }).install(kv),
    );
    assert.equal(error.facts["found"], `sha256:${sha256(printing("changed"))}`);
    assert.deepEqual([...(await filesBelow(root)), ...(await filesBelow(cacheFolder))], []);
    assert.equal(await project.lockText(), text);
  });

  it("is not changed where it is frozen", async () => {
    const { project } = begin();
    const frozen = project.plugins({ frozen: true });
    await failure("not-locked", /it is not in there/, frozen.install(kv));
    await project.plugins().install(kv);
    const text = await project.lockText();
    await failure("lock-mismatch", /~> 1\.0 is wanted/, frozen.install({ ...kv, version: "~> 1.0" }));
    await failure(
      "lock-mismatch",
      /come from fake::other/,
      frozen.install({ name: "kv", source: "fake::other" }),
    );
    await failure("lock-mismatch", /nothing can be updated or removed/, frozen.update());
    await failure("lock-mismatch", /nothing can be updated or removed/, frozen.remove("kv"));
    const windows = { os: "windows", arch: "arm64" };
    const elsewhere = project.plugins({ frozen: true, platform: windows });
    await failure(
      "lock-mismatch",
      /no hash of plugin kv 1\.0\.0 for windows_arm64/,
      elsewhere.install({ name: "kv" }),
    );
    assert.equal(await project.lockText(), text);
  });

  it("has hashes for other platforms only from a list that a pinned key has signed", async () => {
    const { getter, project } = begin();
    const other = "kv_1.0.0_plan9_mips";
    const list = `${sha256(bytes)}  ${fileName}\n${sha256("other")}  ${other}\n${sha256("x")}  kv_1.0.1_plan9_mips\n`;
    getter.offer("kv", "1.0.0", { fileName, bytes, sums: sums(list, list) });
    await project.plugins().install(kv);
    assert.deepEqual(Object.keys((await project.locked())?.["kv"]?.["hashes"] ?? {}), [platform]);
    await project.plugins().remove("kv");
    await project.plugins({ keys }).install(kv);
    assert.deepEqual((await project.locked())?.["kv"]?.["hashes"], {
      [platform]: [`sha256:${sha256(bytes)}`],
      plan9_mips: [`sha256:${sha256("other")}`],
    });
  });

  it("is kept for what is not there, offline", async () => {
    const { project } = begin();
    await failure("unreachable", /offline/, project.plugins({ offline: true }).install(kv));
    await failure("not-locked", /comes from is not known/, project.plugins().install({ name: "kv" }));
  });

  it("must be there where it is frozen, if only to say that it is nothing", async () => {
    const { project } = begin();
    assert.deepEqual(await project.plugins().installLocked(), []);
    const frozen = project.plugins({ frozen: true }).installLocked();
    await failure("not-locked", /no lock file at .*drawbar\.lock\.json/, frozen);
    await project.plugins().install(kv);
    await project.plugins().remove("kv");
    assert.deepEqual(await project.plugins({ frozen: true }).installLocked(), []);
  });

  it("must be readable, and the error says where it is not", async () => {
    const { project } = begin();
    await mkdir(join(project.lockFile, ".."), { recursive: true });
    const entry = { version: "1.0.0", constraint: "*", source: "x", hashes: {}, programs: {} };
    const cases: readonly (readonly [string, RegExp])[] = [
      ["<<<<<<< ours\n{}\n>>>>>>> theirs\n", /marks of a merge/],
      ["{", /no JSON/],
      ["[]", /must hold an object/],
      ['{"version":2}', /its version is 2/],
      [lock({ "../x": entry }), /"..\/x": this is no plugin's name/],
      [lock({ kv: { ...entry, version: "one" } }), /"kv": "version" is no version/],
      [lock({ kv: { ...entry, hashes: { linux_amd64: ["md5:00"] } } }), /"md5:00" is no hash/],
      [lock({ kv: { ...entry, programs: { "../..": "sha256:00" } } }), /"\.\.\/\.\." is no platform/],
      [lock({ kv: { ...entry, source: 5 } }), /"source" must be a text/],
    ];
    for (const [text, words] of cases) {
      await writeFile(project.lockFile, text);
      await failure("bad-lock", words, project.plugins().install(kv));
      assert.equal(await project.lockText(), text);
    }
  });
});

function lock(plugins: object): string {
  return JSON.stringify({ version: 1, plugins });
}

describe("finding a plugin", () => {
  it("takes what the lock file has, and fails if a host wants something else", async () => {
    const { project } = begin();
    await failure(
      "not-locked",
      /not in .*drawbar\.lock\.json/,
      project.plugins().find({ name: "kv", version: undefined }),
    );
    const plugin = await project.plugins().install(kv);
    const found = await project.plugins().find({ name: "kv", version: "^1" });
    assert.deepEqual(found, {
      name: "kv",
      version: "1.0.0",
      cmd: [plugin.program],
      secureConfig: { hash: "sha256", checksum: sha256(bytes) },
    });
    await failure(
      "lock-mismatch",
      /wants plugin kv ~> 2\.0, and the lock file has 1\.0\.0/,
      project.plugins().find({ name: "kv", version: "~> 2.0" }),
    );
    await failure("bad-version", /"newest"/, project.plugins().find({ name: "kv", version: "newest" }));
  });

  it("says what there is where nothing fits", async () => {
    const { project } = begin();
    const plugin = await project.plugins().install(kv);
    const other = { root: join(scratch, "no root"), folders: [join(scratch, "no folder")] };
    const nothing = project.plugins(other).find({ name: "kv", version: undefined });
    const error = await failure(
      "not-installed",
      /nothing of it was found in .*no root, .*no folder; install it/,
      nothing,
    );
    assert.deepEqual(error.facts["found"], []);
    const unlocked = new Plugins({ root: project.root, lockFile: join(scratch, "none"), unlocked: true });
    const tooNew = await failure(
      "no-version-fits",
      /plugin kv \^2 for/,
      unlocked.find({ name: "kv", version: "^2" }),
    );
    assert.ok(tooNew.message.includes(`\n  1.0.0 for ${platform}: ${plugin.program}\n`));
    const elsewhere = new Plugins({
      root: project.root,
      lockFile: join(scratch, "none"),
      unlocked: true,
      platform: { os: "plan9", arch: "mips" },
    });
    await failure(
      "no-platform-fits",
      /for plan9_mips is not installed/,
      elsewhere.find({ name: "kv", version: "^1" }),
    );
  });

  it("takes the newest that fits of plain folders and the store, where it need not be locked", async () => {
    const { project } = begin();
    await project.plugins().install(kv);
    const folder = join(scratch, "plain");
    await mkdir(folder, { recursive: true });
    const names = [
      `kv_v1.1.0_${platform}`,
      "kv_v1.1.0",
      "kv_v1.2.0_plan9_mips",
      "kv_v1.0.5",
      "kv_v2.0.0",
      "kv_v1.9.0-beta",
      "other_v1.8.0",
      "kv",
      "kv_v1.x",
      "kv_v1.0.7.exe",
      "terraform-provider-time_v0.9.1_x5",
    ];
    for (const name of names) await writeFile(join(folder, name), printing(name));
    const plugins = project.plugins({ lockFile: join(scratch, "none"), unlocked: true, folders: [folder] });
    const found = await plugins.find({ name: "kv", version: "~> 1.0" });
    assert.deepEqual(found.cmd, [join(folder, `kv_v1.1.0_${platform}`)]);
    assert.equal(found.secureConfig.checksum, sha256(printing(`kv_v1.1.0_${platform}`)));
    assert.equal(
      (await plugins.find({ name: "kv", version: "1.0.7" })).cmd[0],
      join(folder, "kv_v1.0.7.exe"),
    );
    const time = await plugins.find({ name: "terraform-provider-time", version: "~> 0.9" });
    assert.equal(time.version, "0.9.1");
  });

  it("takes a file of a plain folder for a locked version only with the digest of the lock file", async () => {
    const { project } = begin();
    await project.plugins().install(kv);
    const folder = join(scratch, "vendored");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "kv_v1.0.0"), "not what was locked");
    const vendored = project.plugins({ root: join(scratch, "empty"), folders: [folder] });
    const found = await vendored.find({ name: "kv", version: undefined });
    assert.equal(found.secureConfig.checksum, sha256(bytes));
  });
});
