import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";
import { hostEnv, runProgram } from "./support/run-plugin.ts";

describe("a program that is several plugins", () => {
  for (const name of ["direct", "lazy"]) {
    it(`serves the one that its argument names (${name})`, async () => {
      await using client = await PluginClient.launch({
        handshake,
        plugins,
        cmd: fixture("mux-plugin", name),
      });
      assert.equal(await (await client.dispense("probe")).echo("x"), `${name} x`);
    });
  }

  it("refuses an unknown name, and names that objects have of themselves", async () => {
    for (const name of ["other", "toString"]) {
      const { code, stderr } = await runProgram(fixture("mux-plugin", name), hostEnv).exited;
      assert.deepEqual([code, stderr], [1, `Unknown plugin: ${name}\n`]);
    }
  });

  it("refuses no argument and two", async () => {
    for (const args of [[], ["direct", "lazy"]]) {
      const { code, stderr } = await runProgram(fixture("mux-plugin", ...args), hostEnv).exited;
      assert.equal(code, 1);
      assert.match(stderr, /^Invoked improperly\./);
    }
  });
});
