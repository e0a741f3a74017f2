import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { builtExample, example, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

describe("go-plugin's examples/bidirectional", () => {
  let goHost = "";
  let goPlugin = "";
  before(async () => {
    goHost = await peerPath("goplugin-examples", "bidirectional-host");
    goPlugin = await peerPath("goplugin-examples", "bidirectional-plugin");
  });
  const ourHost = example("bidirectional/host");
  const ourPlugin = example("bidirectional/plugin-grpc");
  const ourBuiltHost = builtExample("bidirectional/host");
  const ourBuiltPlugin = builtExample("bidirectional/plugin-grpc");

  async function put(host: string, value: string, cwd: string, env: Record<string, string>): Promise<void> {
    const { code, stdout, stderr } = await runProgram([host, "put", "hello", value], cwd, env);
    assert.deepEqual([code, stdout], [0, ""], stderr);
  }

  async function addTwice(host: string, plugin: string): Promise<string> {
    using folder = scratchFolder();
    const env = { COUNTER_PLUGIN: `exec ${plugin}` };
    for (const value of ["1", "41"]) await put(host, value, folder.path, env);
    const get = await runProgram([host, "get", "hello"], folder.path, env);
    assert.equal(get.code, 0, get.stderr);
    return get.stdout;
  }

  /** Adds 41 to a counter that a plugin has left at 1, and gives what it is left at then. */
  async function addOnce(host: string, plugin: string, way: Record<string, string>): Promise<string> {
    using folder = scratchFolder();
    const file = join(folder.path, "kv_hello");
    writeFileSync(file, '{"Value":1}');
    await put(host, "41", folder.path, { ...way, COUNTER_PLUGIN: `exec ${plugin}` });
    return readFileSync(file, "utf8");
  }

  it("its host adds for our plugin", async () => {
    assert.equal(await addTwice(goHost, ourBuiltPlugin), "42\n");
  });

  it("our host adds for its plugin and for ours", async () => {
    assert.equal(await addTwice(ourBuiltHost, goPlugin), "42\n");
    assert.equal(await addTwice(ourBuiltHost, ourBuiltPlugin), "42\n");
    assert.match(await addOnce(ourHost, ourPlugin, {}), /^\{"Value":42\}\s*$/);
  });

  for (const [way, env] of [
    ["AutoMTLS", { COUNTER_SECURE: "1" }],
    ["one connection", { COUNTER_MULTIPLEX: "1" }],
    ["one connection with AutoMTLS", { COUNTER_SECURE: "1", COUNTER_MULTIPLEX: "1" }],
  ] as const) {
    it(`our host adds for its plugin and for ours over ${way}`, async () => {
      assert.match(await addOnce(ourBuiltHost, goPlugin, env), /^\{"Value":42\}\s*$/);
      assert.match(await addOnce(ourBuiltHost, ourBuiltPlugin, env), /^\{"Value":42\}\s*$/);
    });
  }
});
