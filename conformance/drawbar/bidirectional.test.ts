import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { example, runProgram } from "./run-program.ts";
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

  async function addTwice(host: string, plugin: string, env: Record<string, string> = {}): Promise<string> {
    using folder = scratchFolder();
    const all = { ...env, COUNTER_PLUGIN: `exec ${plugin}` };
    for (const value of ["1", "41"]) {
      const put = await runProgram([host, "put", "hello", value], folder.path, all);
      assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
    }
    const get = await runProgram([host, "get", "hello"], folder.path, all);
    assert.equal(get.code, 0, get.stderr);
    return get.stdout;
  }

  it("its host adds for our plugin", async () => {
    assert.equal(await addTwice(goHost, ourPlugin), "42\n");
  });

  for (const [way, env] of [
    ["", {}],
    [" over AutoMTLS", { COUNTER_SECURE: "1" }],
    [" over one connection", { COUNTER_MULTIPLEX: "1" }],
    [" over one connection with AutoMTLS", { COUNTER_SECURE: "1", COUNTER_MULTIPLEX: "1" }],
  ] as const) {
    it(`our host adds for its plugin and for ours${way}`, async () => {
      assert.equal(await addTwice(ourHost, goPlugin, env), "42\n");
      assert.equal(await addTwice(ourHost, ourPlugin, env), "42\n");
    });
  }
});
