import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "@drawbar/cli";
import { thisPlatform } from "@drawbar/install";
import { RecordingContext } from "./recording-context.ts";

const here = `${thisPlatform().os}_${thisPlatform().arch}`;
const address = "plugins.example.com/acme/kv";

/** A publisher's folder, the web server that has its site, and a project that installs from it. */
async function begin() {
  const cwd = await mkdtemp(join(tmpdir(), "drawbar-published-"));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url?.split("/").at(-1) ?? "");
    readFile(join(cwd, "site", request.url ?? "")).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const drawbar = async (...args: readonly string[]) => {
    const env = { DRAWBAR_PLUGIN_ROOT: join(cwd, "root"), DRAWBAR_CACHE: join(cwd, "cache") };
    const recording = new RecordingContext();
    const code = await run(args, { ...recording, cwd, env });
    return { code, stdout: recording.stdout, stderr: recording.stderr };
  };
  const must = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await drawbar(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await must("sign", "--generate", "acme", "--no-passphrase");
  return {
    cwd,
    asked,
    drawbar,
    must,
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    source: `mirror::http://127.0.0.1:${(server.address() as AddressInfo).port}/${address}`,
    /** Releases a version for this platform and another one, signed unless it is said not to be. */
    async release(version: string, ...flags: readonly string[]): Promise<void> {
      await writeFile(join(cwd, "kv"), `#!/bin/sh\necho kv ${version}\n`);
      const of = ["--name", "kv", "--version", version, "--out", version];
      await must("pack", `${here}=kv`, "plan9_mips=kv", ...of);
      if (flags.length === 0) await must("sign", version, "--key", "acme.key");
      await must("publish", version, `site/${address}`, ...flags);
    },
    async locked() {
      return JSON.parse(await readFile(join(cwd, "drawbar.lock.json"), "utf8")).plugins["kv"];
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

test("what is published is installed from a web server, updated, and installed frozen elsewhere", async () => {
  await using place = await begin();
  await place.release("1.0.0");
  const args = ["install", "kv", place.source, "--version", "~> 1.0", "--key", "acme.pub"];
  const installed = await place.drawbar(...args);
  assert.equal(
    installed.stderr,
    `kv: asking ${place.source}\nkv: fetching\nkv: unpacking 1.0.0\nkv: installed 1.0.0\n`,
  );
  const [, , program = ""] = installed.stdout.trim().split(" ");
  assert.equal(execFileSync(program, { encoding: "utf8" }), "kv 1.0.0\n");
  // The signed list tells of the other platform, of which nothing had to be fetched.
  assert.deepEqual(Object.keys((await place.locked()).hashes).sort(), [here, "plan9_mips"].sort());
  assert.ok(!place.asked.includes("kv_1.0.0_plan9_mips.zip"));
  await place.release("1.1.0");
  assert.equal(await place.must("update", "--key", "acme.pub"), "kv 1.0.0 -> 1.1.0\n");
  const elsewhere = ["--frozen", "--root", "elsewhere", "--cache", "elsewhere/cache"];
  assert.match(await place.must("install", ...elsewhere, "--key", "acme.pub"), /^kv 1\.1\.0 .*elsewhere/);
  place.asked.length = 0;
  await place.must("install", "--frozen", "--offline", "--root", "third");
  assert.deepEqual(place.asked, []);
});

test("--platform locks what another platform would install, in as many names as there are", async () => {
  await using place = await begin();
  await place.release("1.0.0", "--unsigned");
  await place.must("install", "kv", place.source);
  assert.deepEqual(Object.keys((await place.locked()).hashes), [here]);
  const missing = await place.drawbar("install", "--frozen", "--platform", "plan9_mips");
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /no hash of plugin kv 1\.0\.0 for plan9_mips/);
  const { stderr } = await place.drawbar("install", "kv", "--platform", `${here},plan9_mips`);
  assert.match(stderr, /^kv: fetching 1\.0\.0 for plan9_mips$/m);
  assert.match(stderr, /^kv: locked 1\.0\.0 for plan9_mips\nkv: have 1\.0\.0\n$/m);
  const { hashes, programs } = await place.locked();
  assert.deepEqual(Object.keys(hashes).sort(), [here, "plan9_mips"].sort());
  assert.equal(programs.plan9_mips, programs[here], "both were packed of the same file");
  await place.must("install", "--frozen", "--platform", "plan9_mips", "--offline");
  const none = await place.drawbar("install", "kv", "--platform", "solaris_sparc");
  assert.match(none.stderr, /has 1\.0\.0 for .*plan9_mips.*, not for solaris_sparc/);
  const wrong = await place.drawbar("install", "kv", "--platform", "linux");
  assert.deepEqual([wrong.code, wrong.stderr.includes('not "linux"')], [2, true], wrong.stderr);
});

test("a mirror of the site stands in for it, and the lock file keeps the site's name", async () => {
  await using place = await begin();
  await place.release("1.0.0");
  const source = `mirror::https://${address}`;
  const instead = `mirror::https://plugins.example.com/=mirror::${place.site}/plugins.example.com/`;
  await place.must("install", "kv", source, "--key", "acme.pub", "--mirror", instead);
  assert.equal((await place.locked()).source, source);
});

test("what was altered on the site, or is signed by another or by nobody, is refused", async () => {
  await using place = await begin();
  await place.must("sign", "--generate", "other", "--no-passphrase");
  await place.release("1.0.0");
  const install = ["install", "kv", place.source, "--key"];
  const foreign = await place.drawbar(...install, "other.pub");
  assert.match(
    foreign.stderr,
    /^drawbar: the minisign signature .*SHA256SUMS\.minisig was made by the key [0-9A-F]{16}, which is not trusted/m,
  );
  const site = join(place.cwd, "site", address);
  const archive = join(site, `kv_1.0.0_${here}.zip`);
  await copyFile(archive, join(place.cwd, "kept"));
  await appendFile(archive, "more");
  const altered = await place.drawbar(...install, "acme.pub");
  assert.match(altered.stderr, /is not what it should be: its sha256 is /);
  await copyFile(join(place.cwd, "kept"), archive);
  const elsewhere = join(site, "kv_1.0.0_plan9_mips.zip");
  await copyFile(elsewhere, join(place.cwd, "kept"));
  await appendFile(elsewhere, "more");
  const alteredElsewhere = await place.drawbar(...install, "acme.pub", "--platform", "plan9_mips");
  assert.match(alteredElsewhere.stderr, /plan9_mips\.zip is not what it should be: its sha256 is /);
  await copyFile(join(place.cwd, "kept"), elsewhere);
  await rm(join(site, "kv_1.0.0_SHA256SUMS.minisig"));
  const unsigned = await place.drawbar(...install, "acme.pub");
  assert.match(unsigned.stderr, /SHA256SUMS is not signed: a minisign signature was expected/);
  const refused = [foreign, altered, alteredElsewhere, unsigned];
  assert.deepEqual(
    refused.map(({ code }) => code),
    [1, 1, 1, 1],
  );
  assert.equal(await place.must("list"), "");
  await assert.rejects(place.locked(), /ENOENT/);
});
