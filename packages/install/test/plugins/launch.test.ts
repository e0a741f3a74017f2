import assert from "node:assert/strict";
import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { PluginClient, PluginStartError } from "drawbar";
import { FakeGetter, printing } from "./fake-getter.ts";
import { answer, handshake } from "./fixtures/answering.ts";
import { failure, Project, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
const plugin = fileURLToPath(new URL("fixtures/answering-plugin.js", import.meta.url));
const getter = new FakeGetter();
for (const version of ["1.0.0", "1.2.0", "2.0.0"]) {
  getter.offer("answer", version, { bytes: `#!/bin/sh\nexec ${process.execPath} ${plugin} ${version}\n` });
}
getter.offer("answer", "3.0.0", { bytes: `#!/bin/sh\nexec ${process.execPath} ${plugin} 3.0.1\n` });

function begin(name: string): Project {
  return new Project(join(scratch, name), { getters: [getter] });
}

const plugins = { answer };

describe("a host that launches an installed plugin by name and version", () => {
  it("talks with the version that is locked", async () => {
    const project = begin("locked");
    await project.plugins().install({ name: "answer", source: "fake::answer", version: "~> 1.0" });
    await using client = await PluginClient.launch({
      handshake,
      plugins,
      plugin: "answer",
      version: "^1.1",
      finder: project.plugins(),
    });
    assert.equal(await (await client.dispense("answer")).ask("hello"), "1.2.0 hello");
    assert.equal((await client.describe())?.version, "1.2.0");
  });

  it("refuses a program that was altered, wherever it came from", async () => {
    const project = begin("altered");
    const installed = await project
      .plugins()
      .install({ name: "answer", source: "fake::answer", version: "1.0.0" });
    const launch = () =>
      PluginClient.launch({ handshake, plugins, plugin: "answer", finder: project.plugins() });
    await appendFile(installed.program, "\n");
    await assert.rejects(
      launch(),
      (error) => error instanceof PluginStartError && error.code === "checksum-mismatch",
    );
    // A manifest that was written to fit does not help: the lock file has the digest.
    await rename(installed.program, `${installed.program}.old`);
    await writeFile(installed.program, printing("gotcha"), { mode: 0o755 });
    await assert.rejects(
      launch(),
      (error) => error instanceof PluginStartError && error.code === "checksum-mismatch",
    );
  });

  it("ends a plugin that states another version than it was released as", async () => {
    const project = begin("misstated");
    await project.plugins().install({ name: "answer", source: "fake::answer", version: "3.0.0" });
    const launched = PluginClient.launch({ handshake, plugins, plugin: "answer", finder: project.plugins() });
    await assert.rejects(launched, /installed as version 3\.0\.0, and says that it is 3\.0\.1/);
  });

  it("learns what there is where nothing fits", async () => {
    const project = begin("nothing");
    await mkdir(project.root, { recursive: true });
    await project.plugins().install({ name: "answer", source: "fake::answer", version: "2.0.0" });
    const finder = project.plugins({ lockFile: join(scratch, "none"), unlocked: true });
    const launched = PluginClient.launch({ handshake, plugins, plugin: "answer", version: "~> 1.0", finder });
    await failure(
      "no-version-fits",
      /plugin answer ~> 1\.0 for .* is not installed; found in .*:\n {2}2\.0\.0 for/,
      launched,
    );
  });

  it("needs no finder: the lock file in its working folder and the user's root are used", async () => {
    const project = begin("defaults");
    await project.plugins().install({ name: "answer", source: "fake::answer", version: "1.0.0" });
    const before = process.cwd();
    process.chdir(join(scratch, "defaults"));
    process.env["DRAWBAR_PLUGIN_ROOT"] = project.root;
    try {
      await using client = await PluginClient.launch({
        handshake,
        plugins,
        plugin: "answer",
        version: "1.0.0",
      });
      assert.equal(await (await client.dispense("answer")).ask("hello"), "1.0.0 hello");
    } finally {
      process.chdir(before);
      delete process.env["DRAWBAR_PLUGIN_ROOT"];
    }
  });
});
