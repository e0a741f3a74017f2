import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { builtExample, example, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

const ourHost = example("streaming/host");
const ourPlugin = example("streaming/plugin");
const ourBuiltHost = builtExample("streaming/host");
const ourBuiltPlugin = builtExample("streaming/plugin");

describe("go-plugin's examples/streaming", () => {
  let goHost = "";
  let goPlugin = "";
  before(async () => {
    goHost = await peerPath("goplugin-examples", "streaming-host");
    goPlugin = await peerPath("goplugin-examples", "streaming-plugin");
  });

  it("its host writes through our plugin and reads back, in messages of 10 bytes", async () => {
    using folder = scratchFolder();
    mkdirSync(join(folder.path, "plugin"));
    symlinkSync(ourPlugin, join(folder.path, "plugin", "streamer"));
    const { code, stderr } = await runProgram([goHost, "notes"], folder.path);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /received 26 bytes"[^\n]*"bytes":"Lorem ipsum dolor sit amet"/);
    assert.equal(readFileSync(join(folder.path, "notes"), "utf8"), "Lorem ipsum dolor sit amet");
  });

  // A multiple of no message, and several windows long.
  const file = Buffer.alloc(3_000_017, "streaming ");

  for (const [whose, plugin] of [
    ["our", () => ourBuiltPlugin],
    ["its", () => goPlugin],
  ] as const) {
    it(`our host streams a file through ${whose} plugin, and the same comes back`, async () => {
      using folder = scratchFolder();
      writeFileSync(join(folder.path, "in"), file);
      const env = { HOST: ourBuiltHost, STREAMER_PLUGIN: `exec ${plugin()}`, STREAMER_CHUNK: "50000" };
      const put = await runProgram(["sh", "-c", '"$HOST" put kept < in'], folder.path, env);
      assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
      assert.ok(readFileSync(join(folder.path, "kept")).equals(file));
      const get = await runProgram(["sh", "-c", '"$HOST" get kept > out'], folder.path, env);
      assert.equal(get.code, 0, get.stderr);
      assert.ok(readFileSync(join(folder.path, "out")).equals(file));
    });
  }

  it("a reader that stops early ends the transfer without an error of the host's own", async () => {
    using folder = scratchFolder();
    writeFileSync(join(folder.path, "kept"), file);
    const env = { HOST: ourBuiltHost, STREAMER_PLUGIN: `exec ${ourBuiltPlugin}` };
    const head = await runProgram(["sh", "-c", '"$HOST" get kept | head -c 100000 > out'], folder.path, env);
    assert.equal(head.code, 0, head.stderr);
    assert.equal(statSync(join(folder.path, "out")).size, 100_000);
  });

  it("what the plugin's disk says reaches the user as one line", async () => {
    using folder = scratchFolder();
    const { code, stderr } = await runProgram([ourHost, "get", "missing"], folder.path);
    assert.equal(code, 1);
    assert.match(stderr, /^error: UNKNOWN: ENOENT: no such file or directory, open 'missing'\n$/);
  });
});
