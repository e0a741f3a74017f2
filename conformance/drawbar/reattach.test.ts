import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { ownProcess, printedConfig } from "./matrix/running-plugin.ts";
import { handshake, plugins } from "./probe.ts";

it("a Go plugin that is attached to is noticed to be gone", async () => {
  using child = ownProcess([await peerPath("goplugin-grpc-1.8.0", "goplugin"), "plugin", "-test"]);
  const config = await printedConfig(child);
  const client = await PluginClient.reattach(config, { handshake, plugins });
  const aborted = once(client.signal, "abort");
  process.kill(config.Pid, "SIGKILL");
  await aborted;
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: undefined });
  await assert.rejects(PluginClient.reattach(config, { handshake, plugins }), {
    code: "reattach-process-not-found",
  });
});
