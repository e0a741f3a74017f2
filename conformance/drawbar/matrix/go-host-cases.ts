import assert from "node:assert/strict";
import { PluginClient } from "drawbar";
import { complaints, readsClosedPipes } from "../go-complaints.ts";
import { handshake } from "../probe.ts";
import type { Cases } from "./capabilities.ts";
import { failure, type GoHostLab } from "./go-host-lab.ts";
import { until } from "./rejection.ts";
import { ownProcess, printedConfig } from "./running-plugin.ts";
import { staticTls } from "./static-tls.ts";

interface Started {
  readonly protocol: string;
  readonly version: number;
  readonly network: string;
  readonly pid: number;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** What a host on go-plugin does with our plugin in the same way over either transport. */
export const goHostCases: Cases<GoHostLab> = {
  async start(lab) {
    const host = await lab.shared();
    const started = (await host.ask({ op: "start" })) as Started;
    assert.deepEqual([started.protocol, started.version], [lab.transport, 1]);
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
  },

  async ping(lab) {
    assert.equal(await (await lab.shared()).ask({ op: "ping" }), "pong");
  },

  async versions(lab) {
    await using host = await lab.launch(["-versions", "3,4,2,7"], ["--versions", "2,4,5"]);
    assert.equal(((await host.ask({ op: "start" })) as Started).version, 4);
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
  },

  async "no-version"(lab) {
    await using host = await lab.launch(["-versions", "3"], ["--versions", "9,8"]);
    const error = await failure(host.ask({ op: "start" }));
    assert.match(
      error.message,
      /incompatible API version with plugin\. Plugin version: 8, Client versions: \[3\]/i,
    );
  },

  async cookie(lab) {
    await using host = await lab.launch(["-cookie", "goodbye"]);
    const { message } = await failure(host.ask({ op: "start" }));
    assert.match(message, /plugin exited before we could connect|Unrecognized remote plugin message/);
    if (!readsClosedPipes(lab.release)) await host.lineWith("This binary is a plugin");
  },

  async environment(lab) {
    const host = await lab.shared();
    assert.equal(await host.ask({ op: "do", text: "env PLUGIN_MIN_PORT" }), "10000");
    assert.equal(await host.ask({ op: "do", text: "env PATH" }), process.env["PATH"]);
  },

  async unix(lab) {
    const started = (await (await lab.shared()).ask({ op: "start" })) as Started;
    assert.equal(started.network, "unix");
  },

  async tcp(lab) {
    await using host = await lab.launch([], ["--network", "tcp"]);
    assert.equal(((await host.ask({ op: "start" })) as Started).network, "tcp");
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
  },

  async stdio(lab) {
    const host = await lab.untilEnded();
    await host.ask({ op: "do", text: "stderr on the way down" });
    await host.ask({ op: "do", text: "stdout on the way out" });
    await host.ask({ op: "do", text: `stdout ${"x".repeat(1_000_000)}` });
    const printed = `on the way out\n${"x".repeat(1_000_000)}\n`;
    // Go drops what it has received but not yet copied when it ends a plugin, so it is given the time first.
    const copied = async () => String(await host.ask({ op: "stdout" })).length >= printed.length;
    await until(copied, lab.patienceMs);
    assert.equal(await host.ask({ op: "stdout" }), printed);
    assert.equal(await host.ask({ op: "stderr" }), "on the way down\n");
  },

  async logs(lab) {
    const host = await lab.shared();
    await host.ask({ op: "do", text: "warn watch out" });
    const line = await host.lineWith("watch out");
    const entry = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual([entry["@level"], entry["from"], entry["number"]], ["warn", "probe", 7]);
  },

  async tls(lab) {
    const { path } = lab.folder;
    staticTls(path);
    await using host = await lab.launch(["-tls", path], ["--tls", path]);
    assert.equal(await host.ask({ op: "ping" }), "pong");
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
  },

  async checksum(lab) {
    const host = await lab.checked();
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
    await using refusing = await lab.launchCommand([lab.executable()], ["-checksum", "00".repeat(32)]);
    assert.match((await failure(refusing.ask({ op: "start" }))).message, /checksums did not match/);
  },

  async reattach(lab) {
    await using client = await PluginClient.launch({ handshake, plugins: {}, cmd: lab.plugin });
    await using host = await lab.launchCommand([], ["-reattach", JSON.stringify(client.reattachConfig())]);
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
    await host.ask({ op: "kill" });
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  },

  async "test-mode"(lab) {
    using child = ownProcess(lab.plugin, { DRAWBAR_DEBUG: "1" });
    const config = JSON.stringify(await printedConfig(child));
    for (const _host of ["first", "second"]) {
      await using host = await lab.launchCommand([], ["-reattach", config]);
      assert.equal(await host.ask({ op: "ping" }), "pong");
      assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
      await host.ask({ op: "kill" });
    }
    assert.ok(child.runs(), "the plugin goes on");
  },

  async kill(lab) {
    const host = await lab.untilEnded();
    const { pid } = (await host.ask({ op: "start" })) as Started;
    assert.equal(await host.ask({ op: "kill" }), true);
    assert.ok(isGone(pid));
    assert.deepEqual(complaints(host.log, lab.release), []);
  },

  async "kill-under-call"(lab) {
    const host = await lab.checked();
    await host.ask({ op: "start" });
    const sleeping = failure(host.ask({ op: "do", text: "sleep 60000" }));
    assert.equal(await host.ask({ op: "do", text: "sleep 0" }), "done");
    assert.equal(await host.ask({ op: "kill" }), true);
    await sleeping;
  },

  async crash(lab) {
    // The last of all.
    const host = await lab.shared();
    const error = await failure(host.ask({ op: "do", text: "panic the disk is on fire" }));
    assert.match(`${error.status} ${error.message}`, /Unavailable|EOF|connection/);
    await host.ask({ op: "kill" });
    if (!readsClosedPipes(lab.release)) await host.lineWith("the disk is on fire");
    await host.lineWith("plugin process exited");
  },
};
