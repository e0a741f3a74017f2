import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { PluginClient, type ReattachConfig } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { GoHost } from "./go-host.ts";
import { goReleases, handshake, plugins } from "./probe.ts";
import { scratchFolder } from "./scratch-folder.ts";

const ourPlugin = fileURLToPath(new URL("./probe-plugin.js", import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A program started without a host; ended with the test. */
function start(command: readonly [string, ...string[]], env: Record<string, string> = {}) {
  const [file, ...args] = command;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] });
  after(() => child.kill("SIGKILL"));
  return { child, lines: createInterface({ input: child.stdout }) };
}

/** The config that the first line of a program's stdout with JSON in it holds. */
async function printedConfig(lines: AsyncIterable<string>): Promise<ReattachConfig> {
  for await (const line of lines) {
    const json = /\{.*\}/.exec(line)?.[0];
    if (json !== undefined) return JSON.parse(json) as ReattachConfig;
  }
  assert.fail("the program printed no reattach config");
}

function runs(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

for (const release of goReleases) {
  describe(`attaching, with go-plugin ${release}`, () => {
    it("our host uses a Go plugin in test mode, and lets go of it", async () => {
      const program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
      const { child, lines } = start([program, "plugin", "-test", "-versions", "4"]);
      const config = await printedConfig(lines);
      assert.deepEqual([config.Test, config.ProtocolVersion, config.Pid], [true, 4, child.pid]);
      for (const value of ["first host", "second host"]) {
        const client = await PluginClient.reattach(config, {
          handshake,
          versionedPlugins: { 3: {}, 4: plugins },
        });
        const probe = await client.dispense("probe");
        assert.deepEqual((await probe.echo({ value: bytes(value) })).value, bytes(value));
        await client.kill();
      }
      assert.ok(runs(child));
    });

    it("our host takes a Go plugin over from its Go host, and ends it in order", async () => {
      using folder = scratchFolder();
      const program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
      await using host = await GoHost.launch(release, [program, "plugin"], folder.path);
      const config = (await host.ask({ op: "reattach" })) as ReattachConfig;
      const client = await PluginClient.reattach(config, { handshake, plugins });
      // Go hosts do not tell it.
      assert.deepEqual([config.ProtocolVersion, client.version], [0, 1]);
      const probe = await client.dispense("probe");
      assert.deepEqual((await probe.echo({ value: bytes("taken over") })).value, bytes("taken over"));
      const hanging = probe.do({ value: "sleep 60000" }).catch((error: unknown) => error);
      await client.kill();
      assert.ok(isStatusError(await hanging));
    });

    it("a Go host uses our plugin in test mode, and lets go of it", async () => {
      const { child, lines } = start([process.execPath, ourPlugin], { DRAWBAR_DEBUG: "1" });
      const config = await printedConfig(lines);
      for (const value of ["first host", "second host"]) {
        using folder = scratchFolder();
        const flags = ["-reattach", JSON.stringify(config)];
        await using host = await GoHost.launch(release, [], folder.path, flags);
        assert.equal(await host.ask({ op: "ping" }), "pong");
        assert.equal(await host.ask({ op: "echo", bytes: base64(value) }), base64(value));
        await host.ask({ op: "kill" });
      }
      assert.ok(runs(child));
    });

    it("a Go host takes our plugin over from our host, and ends it in order", async () => {
      using folder = scratchFolder();
      const cmd: [string, ...string[]] = [process.execPath, ourPlugin];
      await using client = await PluginClient.launch({ handshake, plugins, cmd });
      const flags = ["-reattach", JSON.stringify(client.reattachConfig())];
      await using host = await GoHost.launch(release, [], folder.path, flags);
      assert.equal(await host.ask({ op: "echo", bytes: base64("x") }), base64("x"));
      await host.ask({ op: "kill" });
      assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    });
  });
}

it("a Go plugin that is attached to is noticed to be gone", async () => {
  const program = await peerPath("goplugin-grpc-1.8.0", "goplugin");
  const { child, lines } = start([program, "plugin", "-test"]);
  const config = await printedConfig(lines);
  const client = await PluginClient.reattach(config, { handshake, plugins });
  const aborted = once(client.signal, "abort");
  child.kill("SIGKILL");
  await aborted;
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: undefined });
  await assert.rejects(PluginClient.reattach(config, { handshake, plugins }), {
    code: "reattach-process-not-found",
  });
});
