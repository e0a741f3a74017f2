import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { InstallProgress, PluginsOptions } from "@drawbar/install";
import { file, routes, withLogin } from "../servers/behaviours.ts";
import { TestServer } from "../servers/test-server.ts";
import { assertHides } from "../support/secrets.ts";
import { FakeGetter, printing, sha256, writeTree } from "./fake-getter.ts";
import { failure, filesBelow, output, Project, platform, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
let count = 0;

/** A project, and a source that has three versions of a plugin. */
function begin(): { getter: FakeGetter; project: Project; folder: string } {
  const getter = new FakeGetter();
  for (const version of ["1.0.0", "1.2.0", "1.3.0", "2.0.0-rc.1"]) {
    getter.offer("kv", version, { bytes: printing(`kv ${version}`) });
  }
  const folder = join(scratch, String(count++));
  return { getter, folder, project: new Project(folder, { getters: [getter] }) };
}

const kv = { name: "kv", source: "fake::kv" };

describe("an install", () => {
  it("takes the newest version that fits, and writes down what it took", async () => {
    const { project, getter } = begin();
    const progress: InstallProgress[] = [];
    const plugin = await project.plugins({ onProgress: (event) => progress.push(event) }).install({
      ...kv,
      version: "~> 1.2",
    });
    assert.equal(plugin.version, "1.3.0");
    assert.equal(plugin.program, join(project.root, "kv", "1.3.0", platform, "kv_v1.3.0"));
    assert.equal(await output(plugin.program), "kv 1.3.0");
    const digest = `sha256:${sha256(printing("kv 1.3.0"))}`;
    const lock = {
      version: 1,
      plugins: {
        kv: {
          version: "1.3.0",
          constraint: "~> 1.2",
          source: "fake::kv",
          hashes: { [platform]: [digest] },
          programs: { [platform]: digest },
        },
      },
    };
    assert.equal(await project.lockText(), `${JSON.stringify(lock, undefined, 2)}\n`);
    const manifest = JSON.parse(await readFile(join(plugin.folder, "manifest.json"), "utf8"));
    assert.deepEqual(
      [manifest.name, manifest.version, manifest.program, manifest.origin],
      ["kv", "1.3.0", "kv_v1.3.0", "fake://kv/1.3.0"],
    );
    assert.deepEqual(getter.asked, ["versions of kv", "kv 1.3.0", "bytes from 0"]);
    assert.deepEqual(
      progress.map(({ kind }) => kind),
      ["resolving", "fetching", "unpacking", "installed"],
    );
    assert.deepEqual(await readdir(join(project.root, ".staging")), []);
    assert.deepEqual(await readdir(join(project.root, ".busy")), []);
  });

  it("asks nobody and changes nothing if all is there", async () => {
    const { project, getter } = begin();
    await project.plugins().install({ ...kv, version: "~> 1.2" });
    getter.offer("kv", "1.9.0", { bytes: printing("newer") });
    const before = await stat(project.lockFile);
    getter.asked.length = 0;
    assert.equal((await project.plugins().install({ name: "kv" })).version, "1.3.0");
    assert.equal((await project.plugins({ frozen: true, offline: true }).install(kv)).version, "1.3.0");
    assert.deepEqual(getter.asked, []);
    assert.equal((await stat(project.lockFile)).ino, before.ino);
  });

  it("chooses anew if something else is wanted than the lock file has", async () => {
    const { project } = begin();
    await project.plugins().install(kv);
    assert.equal((await project.plugins().install({ name: "kv", version: "1.0.0" })).version, "1.0.0");
    assert.equal((await project.locked())?.["kv"]?.["version"], "1.0.0");
  });

  it("takes from the cache what another project has fetched, offline too", async () => {
    const { project, getter, folder } = begin();
    await project.plugins().install(kv);
    const other = new Project(join(folder, "other"), { getters: [getter], cacheFolder: project.cacheFolder });
    await mkdir(join(folder, "other"));
    await writeFile(other.lockFile, (await project.lockText()) ?? "");
    getter.asked.length = 0;
    const [plugin] = await other.plugins({ frozen: true, offline: true }).installLocked();
    assert.equal(await output(plugin?.program ?? ""), "kv 1.3.0");
    assert.deepEqual(getter.asked, []);
  });

  it("fetches again what was altered in the cache", async () => {
    const { project, getter, folder } = begin();
    await project.plugins().install(kv);
    const [cached = ""] = await filesBelow(join(project.cacheFolder, "sha256"));
    await writeFile(cached, printing("something else"));
    const again = new Project(folder, { getters: [getter], root: join(folder, "second root") });
    assert.equal(await output((await again.plugins().install(kv)).program), "kv 1.3.0");
    assert.equal(await readFile(cached, "utf8"), printing("kv 1.3.0"));
  });

  it("mends what was damaged, and verify tells it", async () => {
    const { project } = begin();
    const plugin = await project.plugins().install(kv);
    await writeFile(plugin.program, printing("something else"));
    assert.deepEqual(
      (await project.plugins().verify()).map(({ name, state }) => [name, state]),
      [["kv", "altered"]],
    );
    await project.plugins({ offline: true }).install(kv);
    assert.equal(await output(plugin.program), "kv 1.3.0");
    assert.equal((await project.plugins().verify("kv"))[0]?.state, "intact");
  });

  it("lets two projects have different things of one version in one root", async () => {
    const { project, folder } = begin();
    const getter = new FakeGetter();
    getter.offer("kv", "1.3.0", { bytes: printing("another kv") });
    const other = new Project(join(folder, "other"), { getters: [getter], root: project.root });
    const [one, two] = [await project.plugins().install(kv), await other.plugins().install(kv)];
    assert.deepEqual([await output(one.program), await output(two.program)], ["kv 1.3.0", "another kv"]);
    for (const [owner, plugin] of [
      [project, one],
      [other, two],
    ] as const) {
      assert.equal((await owner.plugins().find({ name: "kv", version: undefined })).cmd[0], plugin.program);
      assert.equal((await owner.plugins().verify())[0]?.state, "intact");
    }
  });

  it("goes on where an interrupted fetch ended", async () => {
    const { project, getter } = begin();
    getter.breakAfter = 5;
    await assert.rejects(project.plugins().install(kv), /the connection was lost/);
    assert.equal(await project.lockText(), undefined);
    getter.breakAfter = undefined;
    await project.plugins().install(kv);
    assert.deepEqual(
      getter.asked.filter((text) => text.startsWith("bytes")),
      ["bytes from 0", "bytes from 5"],
    );
  });

  it("begins again if what it went on from were other bytes", async () => {
    const { project, getter } = begin();
    const bytes = printing("kv 1.3.0");
    getter.breakAfter = 5;
    getter.offer("kv", "1.3.0", { bytes: "other bytes" });
    await assert.rejects(project.plugins().install(kv));
    getter.breakAfter = undefined;
    getter.offer("kv", "1.3.0", {
      bytes,
      digests: [{ hash: "sha256", digest: sha256(bytes), by: "the test" }],
    });
    assert.equal(await output((await project.plugins().install(kv)).program), "kv 1.3.0");
    assert.deepEqual(getter.asked.slice(-2), ["bytes from 5", "bytes from 0"]);
  });

  it("finds the program in an archive, in its folder or the one that is named, beside its documents", async () => {
    const { project, getter, folder } = begin();
    await writeTree(join(folder, "in", "kv-1.4.0"), { kv: printing("packed"), LICENSE: "free" });
    await chmod(join(folder, "in", "kv-1.4.0", "kv"), 0o755);
    execFileSync("tar", ["-czf", join(folder, "kv.tar.gz"), "-C", join(folder, "in"), "kv-1.4.0"]);
    const bytes = await readFile(join(folder, "kv.tar.gz"));
    getter.offer("kv", "1.4.0", { fileName: "kv.tar.gz", bytes });
    for (const source of ["fake::kv", "fake::kv//kv-1.4.0"]) {
      const plugin = await project.plugins().install({ name: "kv", source });
      assert.equal(await output(plugin.program), "packed");
      assert.deepEqual((await readdir(plugin.folder)).sort(), ["LICENSE", "kv_v1.4.0", "manifest.json"]);
      assert.deepEqual(plugin.hashes, [`sha256:${sha256(bytes)}`]);
    }
    const missing = project.plugins().install({ name: "kv", source: "fake::kv//elsewhere" });
    await failure("not-found", /no folder elsewhere/, missing);
  });

  it("keeps a program with the files that it may need, and holds all of them against the lock file", async () => {
    const { project, getter } = begin();
    const tree = { "bin/kv": '#!/bin/sh\ncat "$(dirname "$0")/../data.json"\n', "data.json": "data" };
    getter.offer("tree", "1.0.0", { tree });
    const plugin = await project.plugins().install({ name: "kv", source: "fake::tree" });
    assert.equal(await output(plugin.program), "data");
    assert.match(String((await project.locked())?.["kv"]?.["programs"]), /./);
    assert.match(plugin.digest, /^h1:/);
    const found = await project.plugins().find({ name: "kv", version: "1.0.0" });
    assert.equal(found.secureConfig.inPlace, true);
    await writeFile(join(plugin.folder, "data.json"), "other data");
    await failure(
      "checksum-mismatch",
      /not those that were installed/,
      project.plugins().find({ name: "kv", version: undefined }),
    );
    assert.equal((await project.plugins().verify())[0]?.state, "altered");
    await project.plugins().install({ name: "kv" });
    assert.equal(await output(plugin.program), "data");
  });

  it("asks a mirror, and keeps the source in the lock file", async () => {
    const { project, getter } = begin();
    getter.offer("mirror-of-kv", "1.3.0", { bytes: printing("mirrored") });
    const mirrors = { "fake::": "fake::nowhere-", "fake::kv": "fake::mirror-of-kv" };
    assert.equal(await output((await project.plugins({ mirrors }).install(kv)).program), "mirrored");
    assert.equal((await project.locked())?.["kv"]?.["source"], "fake::kv");
  });

  it("asks with the password of a source, and tells it nobody: not the lock file, not the mirror", async () => {
    const { project } = begin();
    const login = `Basic ${Buffer.from("ada:s3cret").toString("base64")}`;
    const kv = file(printing("kv 1.0.0"));
    await using server = await TestServer.start(routes({ "/kv_v1.0.0": withLogin(login, kv) }));
    await using mirror = await TestServer.start(routes({ "/kv_v1.0.0": kv }));
    const source = `http://ada:s3cret@localhost:${server.port}/kv_v1.0.0`;
    const shown: InstallProgress[] = [];
    const install = (more: PluginsOptions) =>
      project.plugins({ onProgress: (event) => shown.push(event), ...more }).install({ name: "kv", source });
    const plugin = await install({});
    const fresh = { root: join(scratch, "second"), cacheFolder: join(scratch, "second cache") };
    await install({ ...fresh, frozen: true });
    const mirrors = { [`${server.origin}/`]: `${mirror.origin}/` };
    await install({ root: join(scratch, "third"), cacheFolder: join(scratch, "third cache"), mirrors });
    assert.deepEqual(
      mirror.requests.map(({ headers }) => headers["authorization"]),
      mirror.requests.map(() => undefined),
    );
    assert.equal((await project.locked())?.["kv"]?.["source"], `${server.origin}/kv_v1.0.0`);
    assertHides([plugin, shown, await project.lockText()], "s3cret");
    const other = await failure(
      "lock-mismatch",
      /cannot be installed as the lock file has it/,
      project.plugins({ frozen: true }).install({ name: "kv", source: `${source}?x=1` }),
    );
    assertHides(other, "s3cret");
  });

  it("reads files of this machine relative to the lock file, with the version in their name", async () => {
    const { project, folder } = begin();
    await writeTree(folder, { "dist/kv_v1.5.0": printing("local") });
    const plugin = await project
      .plugins({ offline: true })
      .install({ name: "kv", source: "./dist/kv_v1.5.0" });
    assert.equal(plugin.version, "1.5.0");
    assert.equal((await project.locked())?.["kv"]?.["source"], "./dist/kv_v1.5.0");
    await writeTree(folder, { "dist/kv": printing("nameless") });
    const nameless = { name: "kv", source: "./dist/kv" };
    await failure(
      "no-version-fits",
      /version of plugin kv .* is not known/,
      project.plugins().install(nameless),
    );
    assert.equal((await project.plugins().install({ ...nameless, version: "1.6.0" })).version, "1.6.0");
  });

  it("can be updated, listed and removed", async () => {
    const { project, getter } = begin();
    await project.plugins().install({ ...kv, version: "^1" });
    getter.offer("kv", "1.9.0", { bytes: printing("newer") });
    const [updated] = await project.plugins().update();
    assert.deepEqual([updated?.from, updated?.plugin.version], ["1.3.0", "1.9.0"]);
    assert.deepEqual(
      (await project.plugins().list()).map(({ version, locked }) => [version, locked]),
      [
        ["1.3.0", false],
        ["1.9.0", true],
      ],
    );
    assert.equal((await project.plugins().remove("kv")).length, 2);
    assert.deepEqual(await project.locked(), {});
    assert.deepEqual(await filesBelow(project.root), []);
    await failure("not-installed", /neither in the lock file nor installed/, project.plugins().remove("kv"));
  });

  it("serves many callers of this process at once", async () => {
    const { project, getter } = begin();
    const calls = Array.from({ length: 10 }, () => project.plugins().install(kv));
    const programs = new Set((await Promise.all(calls)).map(({ program }) => program));
    assert.equal(programs.size, 1);
    assert.equal(getter.asked.filter((text) => text.startsWith("bytes")).length, 1);
  });
});
