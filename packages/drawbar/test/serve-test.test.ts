import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { PluginClient, type ReattachConfig, serveTest } from "drawbar";
import { plugins, probe } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";
import { runProgram } from "./support/run-plugin.ts";
import { collectingSink } from "./support/sink.ts";

const served = { probe: probe.implement({ echo: (request) => request, hang: () => new Promise(() => {}) }) };
const options = { handshake, plugins };

describe("a plugin in test mode", () => {
  it("serves in this process without a cookie, and ends when it is closed", async () => {
    const serving = await serveTest({ handshake, plugins: served });
    const config = serving.reattachConfig;
    assert.deepEqual([config.Pid, config.Test, config.Protocol], [process.pid, true, "grpc"]);
    const client = await PluginClient.reattach(config, options);
    const dispensed = await client.dispense("probe");
    assert.equal(await dispensed.echo("hello"), "hello");
    const hanging = assert.rejects(dispensed.hang(""));
    await serving.close();
    await serving.closed;
    await hanging;
    assert.equal(existsSync(config.Addr.String), false);
    await client.kill();
  });

  it("outlives the hosts that let go of it, and ends with the signal", async () => {
    const controller = new AbortController();
    const serving = await serveTest({
      handshake,
      plugins: served,
      network: "tcp",
      signal: controller.signal,
    });
    for (const text of ["first", "second"]) {
      await using client = await PluginClient.reattach(serving.reattachConfig, options);
      assert.equal(await (await client.dispense("probe")).echo(text), text);
    }
    controller.abort();
    await serving.closed;
  });

  it("is refused where a plugin is not implemented, for the compiler as at run time", async () => {
    // @ts-expect-error what a host has of a plugin is not what serves it
    await assert.rejects(serveTest({ handshake, plugins }), {
      code: "plugin-not-served",
      message: /^"probe" is not a GRPC-compatible plugin: .* call implement\(\) on it$/,
    });
  });

  it("is refused with the reason where a plugin cannot register what it serves", async () => {
    const refusing = {
      server: () => {
        throw new Error("no disk");
      },
    };
    await assert.rejects(serveTest({ handshake, plugins: { refusing } }), {
      code: "plugin-not-served",
      message: 'error registering "refusing": Error: no disk',
    });
  });

  it("serves the highest of its versions, and says so", async () => {
    await using serving = await serveTest({ handshake, versionedPlugins: { 3: served, 7: served } });
    assert.equal(serving.reattachConfig.ProtocolVersion, 7);
    await using client = await PluginClient.reattach(serving.reattachConfig, {
      handshake,
      versionedPlugins: { 7: plugins },
    });
    assert.equal(client.version, 7);
  });

  it("carries this process's output to the host where it is asked to, and on to where it goes", async () => {
    const before = process.stderr.write;
    const stderr = collectingSink();
    const serving = await serveTest({ handshake, plugins: served, syncStdio: true });
    const client = await PluginClient.reattach(serving.reattachConfig, { ...options, syncStderr: stderr });
    await client.ping();
    process.stderr.write("said in test mode\n");
    await serving.close();
    await client.kill();
    assert.match(stderr.text(), /said in test mode\n/);
    assert.equal(process.stderr.write, before);
  });

  it("gives its output to one host after the other", async () => {
    await using serving = await serveTest({ handshake, plugins: served, syncStdio: true });
    for (const text of ["first", "second"]) {
      const stderr = collectingSink();
      const client = await PluginClient.reattach(serving.reattachConfig, { ...options, syncStderr: stderr });
      await client.ping();
      process.stderr.write(`said to the ${text}\n`);
      // The pump reads what is written while it waits; an answer after it says that it was sent.
      await client.ping();
      await client.ping();
      await client.kill();
      assert.match(stderr.text(), new RegExp(`said to the ${text}\n`));
    }
  });

  it("cannot be attached to twice over a socket that is gone", async () => {
    const serving = await serveTest({ handshake, plugins: served });
    await serving.close();
    await assert.rejects(PluginClient.reattach(serving.reattachConfig, options), {
      code: "reattach-process-not-found",
    });
  });
});

describe("a plugin that is started by itself", () => {
  it("prints what hosts attach with, Terraform's form included, and ends at Ctrl-C", async () => {
    const plugin = runProgram(fixture("probe-plugin"), { DRAWBAR_DEBUG: "registry.terraform.io/acme/it's" });
    assert.match((await plugin.firstLine) ?? "", /^Plugin started in process \d+/);
    const text = await plugin.untilLine(/^TF_REATTACH_PROVIDERS=/);
    const config = JSON.parse(/DRAWBAR_REATTACH='(.*)'/.exec(text)?.[1] ?? "") as ReattachConfig;
    const providers = /TF_REATTACH_PROVIDERS='(.*)'/.exec(text)?.[1] ?? "";
    assert.deepEqual(JSON.parse(providers.replaceAll("'\\''", "'")), {
      "registry.terraform.io/acme/it's": config,
    });
    {
      await using client = await PluginClient.reattach(config, options);
      assert.equal(await (await client.dispense("probe")).echo("debugged"), "debugged");
    }
    plugin.child.kill("SIGINT");
    assert.equal((await plugin.exited).code, 0);
    assert.equal(existsSync(config.Addr.String), false);
  });
});
