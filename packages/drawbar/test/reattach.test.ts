import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { after, describe, it } from "node:test";
import { type LaunchSettings, PluginClient, PluginStartError, type ReattachConfig } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, isGone, shell, stay } from "./support/launch-node.ts";
import { Lifeline } from "./support/lifeline.ts";
import { runProgram } from "./support/run-plugin.ts";

function launch(settings: Partial<LaunchSettings> = {}) {
  return PluginClient.launch({ handshake, plugins, cmd: fixture("probe-plugin"), ...settings });
}

const options = { handshake, plugins };

describe("a plugin that runs already", () => {
  it("is attached to by what its host tells, as JSON, and called and killed as if launched", async () => {
    await using first = await launch();
    const config = JSON.stringify(first.reattachConfig());
    const second = await PluginClient.reattach(config, options);
    assert.deepEqual([second.pid, second.version, second.protocol], [first.pid, 1, "grpc"]);
    assert.equal(await (await second.dispense("probe")).echo("hello"), "hello");
    await second.ping();
    assert.deepEqual(second.reattachConfig(), JSON.parse(config));
    await second.kill();
    assert.deepEqual(await second.exited, { exitCode: undefined, signal: undefined });
    assert.equal((await first.exited).exitCode, 0);
    assert.ok(second.signal.aborted);
  });

  it("is only let go of in test mode", async () => {
    await using first = await launch();
    const config: ReattachConfig = { ...first.reattachConfig(), Test: true };
    const second = await PluginClient.reattach(config, options);
    const call = (await second.dispense("probe")).hang("");
    await second.kill();
    await assert.rejects(call, /which goes on running/);
    assert.equal(await (await first.dispense("probe")).echo("still here"), "still here");
  });

  it("is served in the version that it has, whichever form the host's plugin sets have", async () => {
    await using first = await launch();
    const config = first.reattachConfig();
    await using versioned = await PluginClient.reattach(config, {
      handshake,
      versionedPlugins: { 1: plugins, 2: {} },
    });
    assert.equal(versioned.version, 1);
    assert.equal(await (await versioned.dispense("probe")).echo("x"), "x");
    // A Go host does not tell the version of a plugin that it launched.
    const unknown = { ...config, ProtocolVersion: 0, Test: true };
    await using only = await PluginClient.reattach(unknown, options);
    assert.equal(only.version, 1);
    await assert.rejects(
      PluginClient.reattach(unknown, { handshake, versionedPlugins: { 1: plugins, 2: {} } }),
      {
        code: "plugin-config-invalid",
        message: /incompatible API version with plugin\. Plugin version: 0, Client versions: \[1 2\]/,
      },
    );
  });

  it("is found gone when it dies, and its socket is removed", async () => {
    await using first = await launch({ outliveHost: true });
    const config = first.reattachConfig();
    const second = await PluginClient.reattach(config, options);
    const call = (await second.dispense("probe")).hang("");
    await first.detach();
    process.kill(first.pid, "SIGKILL");
    await assert.rejects(call);
    await second.exited;
    assert.equal(existsSync(config.Addr.String), false);
  });
});

describe("a plugin that is to be attached to", () => {
  it("goes on after its host has exited, and serves the next one", async () => {
    const lifeline = new Lifeline();
    after(() => lifeline.close());
    await lifeline.listen();
    const host = runProgram([...fixture("host"), "leave"], { LIFELINE: lifeline.path });
    const config = (await host.firstLine) ?? "";
    assert.equal((await host.exited).code, 0);
    const client = await PluginClient.reattach(config, options);
    assert.equal(await (await client.dispense("probe")).echo("hello"), "hello");
    await client.kill();
    await lifeline.cut;
    assert.equal(existsSync(client.reattachConfig().Addr.String), false);
  });
});

it("a plugin with AutoMTLS cannot be attached to, and says so at once", async () => {
  await using client = await launch({ autoMtls: true });
  assert.throws(() => client.reattachConfig(), {
    code: "plugin-config-invalid",
    message: /only this host has the key/,
  });
});

describe("attaching", () => {
  const at = (Pid: number): ReattachConfig => ({
    Protocol: "grpc",
    ProtocolVersion: 1,
    Pid,
    Test: false,
    Addr: { Network: "unix", String: "/nonexistent/socket" },
  });

  it("is refused where the process is gone", async () => {
    const over = runProgram(shell(""), {});
    await over.exited;
    await assert.rejects(PluginClient.reattach(at(over.child.pid ?? 0), options), {
      code: "reattach-process-not-found",
      message: /^reattachment process not found: there is no process/,
    });
  });

  it("is refused where the process is another program, which is left alone", async () => {
    const other = runProgram(shell(stay), {});
    after(() => other.child.kill("SIGKILL"));
    const pid = other.child.pid ?? 0;
    await assert.rejects(PluginClient.reattach(at(pid), options), {
      code: "reattach-process-not-found",
      message: /runs, but nobody answers at its address/,
    });
    assert.equal(isGone(pid), false);
  });

  it("says so where a cleaner deleted the socket of a plugin that runs", async () => {
    await using client = await launch();
    const config = client.reattachConfig();
    rmSync(config.Addr.String);
    const error = await PluginClient.reattach(config, options).catch((reason: unknown) => reason);
    assert.ok(error instanceof PluginStartError && error.cause instanceof Error);
    assert.match(error.cause.message, /does not exist \(ENOENT\)\. If the plugin runs, something deleted/);
    assert.equal(await (await client.dispense("probe")).echo("connected still"), "connected still");
  });

  it("is refused with this very process, which kill would end", async () => {
    await assert.rejects(PluginClient.reattach(at(process.pid), options), {
      code: "plugin-config-invalid",
      message: /names this very process/,
    });
  });
});
