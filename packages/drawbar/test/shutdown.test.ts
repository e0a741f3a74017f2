import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStatusError } from "@drawbar/grpc";
import { PluginClient } from "drawbar";
import { inProcess } from "drawbar/testing";
import { plugins, probe } from "./fixtures/probe.ts";
import { fixture, handshake, recordingLogger } from "./support/launch-node.ts";
import { collectingSink } from "./support/sink.ts";

function launch(...flags: string[]) {
  const { logger, entries } = recordingLogger();
  const stdout = collectingSink();
  const options = { handshake, plugins, logger, syncStdout: stdout, killTimeoutMs: 30_000 };
  return PluginClient.launch({ ...options, cmd: fixture("probe-plugin", ...flags) }).then((client) => ({
    client,
    entries,
    stdout,
  }));
}

describe("a plugin that drains", () => {
  it("finishes the calls in flight when it is killed, refuses new ones, and ends in order", async () => {
    let finish = (): void => {};
    let began = (): void => {};
    const underWay = new Promise<void>((resolve) => {
      began = resolve;
    });
    const slow = probe.implement({
      echo: (text) => text,
      hang: () =>
        new Promise((resolve) => {
          finish = () => resolve("done");
          began();
        }),
    });
    const kit = await inProcess({ probe: slow }, { drainTimeoutMs: 60_000 });
    const dispensed = await kit.dispense("probe");
    const call = dispensed.hang("");
    await underWay;
    const closed = kit.close();
    const refused = await dispensed.echo("new").catch((error: unknown) => error);
    assert.ok(isStatusError(refused));
    assert.deepEqual(
      [refused.statusName, refused.statusMessage],
      ["UNAVAILABLE", "the plugin is ending and takes no new calls"],
    );
    finish();
    assert.equal(await call, "done");
    await closed;
  });

  it("does so between processes", async () => {
    const { client } = await launch("--drain");
    const dispensed = await client.dispense("probe");
    const call = dispensed.act("wait");
    await dispensed.echo("the call above is under way");
    // Sent before the host's Shutdown, and answered while it drains.
    const released = dispensed.act("release");
    await Promise.all([client.kill(), released]);
    assert.equal(await call, "released");
    assert.equal((await client.exited).exitCode, 0);
  });

  it("breaks them by default, as go-plugin does", async () => {
    const { client } = await launch();
    const call = (await client.dispense("probe")).act("wait");
    await client.kill();
    await assert.rejects(call, (error) => isStatusError(error) && error.statusName === "UNAVAILABLE");
  });
});

describe("a plugin's stop hook", () => {
  it("is waited for, and what it prints and logs still arrives", async () => {
    const { client, entries, stdout } = await launch("--stop-hook");
    await client.kill();
    assert.equal((await client.exited).exitCode, 0);
    assert.equal(stdout.text(), "the last words\n");
    assert.ok(entries.some(({ message }) => message === "saved"));
  });

  it("runs at SIGTERM too", async () => {
    const { client, stdout } = await launch("--stop-hook");
    // Its answer says that the plugin has the host's request for its output.
    await client.ping();
    process.kill(client.pid, "SIGTERM");
    assert.equal((await client.exited).exitCode, 143);
    assert.equal(stdout.text(), "the last words\n");
  });

  it("cannot keep the plugin from ending", async () => {
    const { client, entries } = await launch("--stop-hangs");
    await client.kill();
    assert.equal((await client.exited).exitCode, 0);
    assert.ok(entries.some(({ message }) => message.startsWith("the plugin's stop hook takes too long")));
  });
});
