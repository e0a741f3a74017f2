import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { complaints } from "./go-complaints.ts";
import { GoHost } from "./go-host.ts";
import { netrpcReleases } from "./netrpc-probe.ts";
import { example } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

const probePlugin = [process.execPath, fileURLToPath(new URL("./netrpc-probe-plugin.js", import.meta.url))];

for (const release of netrpcReleases) {
  describe(`a host on go-plugin ${release} with our plugin over net/rpc`, () => {
    const launch = (command: readonly string[], cwd: string) =>
      GoHost.launch(release, command, cwd, [], "netrpc");

    it("starts it, pings it and ends it in order", async () => {
      using folder = scratchFolder();
      await using host = await launch(probePlugin, folder.path);
      const started = (await host.ask({ op: "start" })) as { protocol: string };
      assert.equal(started.protocol, "netrpc");
      assert.equal(await host.ask({ op: "ping" }), "pong");
      assert.equal(await host.ask({ op: "kill" }), true);
      assert.deepEqual(complaints(host.log, release, /failed to exit gracefully|"@level":"error"/), []);
    });

    it("sends and gets large values, registered types and errors as values", async () => {
      using folder = scratchFolder();
      await using host = await launch(probePlugin, folder.path);
      assert.equal(await host.ask({ op: "echo", text: "x", size: 20_000_000 }), true);
      assert.equal(await host.ask({ op: "any", size: 3 }), "main.Circle {3}");
      assert.equal(await host.ask({ op: "redraw", text: "art" }), "art! *main.Square:4 main.Circle:3");
      assert.equal(await host.ask({ op: "fail", text: "no ink" }), "*main.CodeError no ink (7) / no ink");
    });

    it("gets our errors as they are, and goes on after each", async () => {
      using folder = scratchFolder();
      await using host = await launch(probePlugin, folder.path);
      await assert.rejects(host.ask({ op: "do", text: "error the ink is dry" }), {
        message: "the ink is dry",
      });
      await assert.rejects(host.ask({ op: "call", text: "Plugin.Nothing" }), {
        message: "rpc: can't find method Plugin.Nothing",
      });
      await assert.rejects(host.ask({ op: "call", text: "Plugin.Do" }), { message: /gob/ });
      assert.equal(await host.ask({ op: "do", text: "stdout still here" }), "done");
      await assert.rejects(host.ask({ op: "dispense", text: "workshop" }), {
        message: "unknown plugin type: workshop",
      });
    });

    it("gets what we print, to the last byte", async () => {
      using folder = scratchFolder();
      await using host = await launch(probePlugin, folder.path);
      await host.ask({ op: "do", text: "stderr to err" });
      await host.ask({ op: "do", text: "stdout to out" });
      await host.ask({ op: "do", text: "stdout-bytes 1000000" });
      const printed = `to out\n${"x".repeat(1_000_000)}`;
      // Go drops what it has received but not yet copied when it ends a plugin, so it is given the time first.
      let copied = "";
      while (copied.length < printed.length) copied = String(await host.ask({ op: "stdout" }));
      assert.equal(copied, printed);
      assert.equal(await host.ask({ op: "stderr" }), "to err\n");
      await host.ask({ op: "kill" });
    });

    it("gets an error for a call during which we die", async () => {
      using folder = scratchFolder();
      await using host = await launch(probePlugin, folder.path);
      await assert.rejects(host.ask({ op: "do", text: "exit 3" }), { message: /EOF|connection/ });
    });

    it("passes and gets services and streams", async () => {
      using folder = scratchFolder();
      await using host = await launch([example("netrpc-args/plugin")], folder.path);
      assert.equal(await host.ask({ op: "sum", numbers: [1, 2, 3] }), 6);
      assert.deepEqual(await host.ask({ op: "count", size: 5, numbers: [1, 2] }), [6, 8]);
      assert.equal(await host.ask({ op: "upload", size: 3_000_000 }), 3_000_000);
      assert.equal(await host.ask({ op: "download", text: "hello", size: 100_000 }), 500_000);
    });
  });
}
