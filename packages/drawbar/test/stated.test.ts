import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type FoundPlugin, PluginClient, type PluginFinder, PluginStartError } from "drawbar";
import { netrpcProbe } from "./fixtures/netrpc-probe.ts";
import { probe } from "./fixtures/probe.ts";
import { fixture, handshake, isGone, moduleFixture, recordingLogger } from "./support/launch-node.ts";

const both = { grpc: { probe }, netrpc: { probe: netrpcProbe } };

for (const protocol of ["grpc", "netrpc"] as const) {
  describe(`a plugin over ${protocol}`, () => {
    const launch = (cmd: [string, ...string[]]) =>
      PluginClient.launch({ handshake, plugins: both[protocol], cmd });

    it("says the name and version that serve was given", async () => {
      await using client = await launch(fixture("stated-plugin", protocol, "1.2.3", "kv"));
      assert.deepEqual(await client.describe(), { name: "kv", version: "1.2.3" });
    });

    it("says those of its package.json for what it was not given", async () => {
      const inPackage = (...args: string[]) => launch(moduleFixture("stated-plugin", protocol, ...args));
      await using client = await inPackage();
      const { name, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
      assert.deepEqual(await client.describe(), { name, version });
      await using stated = await inPackage("4.5.6");
      assert.deepEqual(await stated.describe(), { name, version: "4.5.6" });
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
after(() => rmSync(folder, { recursive: true }));

/** A program of one file that states a version, and a finder that finds it as another or the same. */
function finderOf(installed: string, stated: string, protocol = "grpc"): PluginFinder & { asked: unknown[] } {
  const program = join(folder, `probe_v${installed}`);
  writeFileSync(program, `#!/bin/sh\nexec ${fixture("stated-plugin", protocol, stated).join(" ")} "$@"\n`);
  chmodSync(program, 0o755);
  const checksum = createHash("sha256").update(readFileSync(program)).digest("hex");
  const found: FoundPlugin = {
    name: "probe",
    version: installed,
    cmd: [program],
    secureConfig: { hash: "sha256", checksum },
  };
  const asked: unknown[] = [];
  return {
    asked,
    find: async (query) => {
      asked.push(query);
      return found;
    },
  };
}

describe("a plugin that is launched by its name", () => {
  it("is what the finder found, with the arguments of the host", async () => {
    const finder = finderOf("1.2.3", "v1.2.3+build.7");
    await using client = await PluginClient.launch({
      handshake,
      plugins: { probe },
      plugin: "probe",
      version: "~> 1.2",
      finder,
      args: ["named by an argument"],
    });
    assert.deepEqual(finder.asked, [{ name: "probe", version: "~> 1.2" }]);
    assert.deepEqual(await client.describe(), { name: "named by an argument", version: "v1.2.3+build.7" });
    assert.equal(await (await client.dispense("probe")).act("hello"), "hello");
  });

  for (const protocol of ["grpc", "netrpc"] as const) {
    it(`is ended if it states another version than it is installed as, over ${protocol}`, async () => {
      const { logger, entries } = recordingLogger();
      const launched = PluginClient.launch({
        handshake,
        plugins: both[protocol],
        plugin: "probe",
        finder: finderOf("1.2.3", "1.2.4", protocol),
        logger,
      });
      await assert.rejects(launched, (error) => {
        assert.ok(error instanceof PluginStartError && error.code === "version-mismatch");
        assert.match(error.message, /probe is installed as version 1\.2\.3, and says that it is 1\.2\.4/);
        return true;
      });
      const started = entries.find(({ message }) => message === "plugin started");
      assert.ok(isGone(Number(started?.fields["pid"])));
    });
  }

  it("is not started if its bytes are not those that were found", async () => {
    const finder = finderOf("1.2.3", "1.2.3");
    const [program] = (await finder.find({ name: "probe", version: undefined })).cmd;
    writeFileSync(program, "#!/bin/sh\nexit 7\n");
    const launched = PluginClient.launch({ handshake, plugins: { probe }, plugin: "probe", finder });
    await assert.rejects(
      launched,
      (error) => error instanceof PluginStartError && error.code === "checksum-mismatch",
    );
  });

  it("fails as its finder fails", async () => {
    const finder: PluginFinder = { find: () => Promise.reject(new Error("nothing is installed")) };
    const launched = PluginClient.launch({ handshake, plugins: { probe }, plugin: "probe", finder });
    await assert.rejects(launched, /nothing is installed/);
  });
});
