import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import type { ChildKind } from "./fixtures/start-child.ts";
import { startHost } from "./support/host-with-plugin.ts";
import { fixture, handshake, isGone } from "./support/launch-node.ts";
import { Lifeline } from "./support/lifeline.ts";

/** Launches a plugin and has it start a child, whose lifeline and process id are given. */
async function withChild(what: ChildKind, ownProcessGroup: boolean) {
  const lifeline = new Lifeline();
  await lifeline.listen();
  const client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: fixture("probe-plugin"),
    env: { CHILD_LIFELINE: lifeline.path },
    ownProcessGroup,
    killTimeoutMs: 30_000,
    // Long enough for one that obeys on any machine, and short for one that does not.
    terminateTimeoutMs: what === "stubborn" ? 10 : 30_000,
  });
  const probe = await client.dispense("probe");
  const pid = Number(await probe.act(`child ${what}`));
  return { client, probe, lifeline, pid };
}

describe("a plugin in a process group of its own", () => {
  for (const what of ["obedient", "stubborn"] as const) {
    it(`takes a child that is ${what} along when it is killed`, async () => {
      const { client, lifeline } = await withChild(what, true);
      await client.kill();
      assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
      await lifeline.cut;
      lifeline.close();
    });

    it(`takes a child that is ${what} along when it crashes`, async () => {
      const { client, probe, lifeline } = await withChild(what, true);
      await assert.rejects(probe.act("kill SIGKILL"));
      assert.equal((await client.exited).signal, "SIGKILL");
      await lifeline.cut;
      lifeline.close();
    });
  }

  for (const [title, how, ends] of [
    ["its host exits", "exit", false],
    ["its host is killed by SIGKILL", "", true],
    ["its host is killed by SIGKILL, also behind a script", "script", true],
    ["its host is killed by SIGKILL, if it is of another make, with a watchdog", "watchdog", true],
  ] as const) {
    it(`takes its child along when ${title}`, async () => {
      const child = new Lifeline();
      await child.listen();
      const run = await startHost(fixture("host", "group", how), { CHILD_LIFELINE: child.path });
      await child.taken;
      if (ends) run.host.kill("SIGKILL");
      await Promise.all([run.exited, run.lifeline.cut, child.cut]);
      run.done();
      child.close();
    });
  }

  it("is refused with a runner, which sees to that itself", async () => {
    const runner = () => assert.fail("it was asked for");
    await assert.rejects(PluginClient.launch({ handshake, plugins, runner, ownProcessGroup: true }), {
      code: "plugin-config-invalid",
      message: /^ownProcessGroup is for plugins that are started by cmd/,
    });
  });

  it("is not the default: a child goes on, and does not hold the end up though it holds the output", async () => {
    const { client, lifeline, pid } = await withChild("holding", false);
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    assert.equal(isGone(pid), false);
    process.kill(pid);
    await lifeline.cut;
    lifeline.close();
  });
});
