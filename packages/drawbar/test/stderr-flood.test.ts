import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger, PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";

// DRAWBAR_LONG=1 floods with a gibibyte.
const floodMiB = process.env["DRAWBAR_LONG"] === "1" ? 1024 : 64;
const mib = 1024 * 1024;

describe("a plugin that floods stderr", () => {
  for (const level of ["off", "info", "trace"] as const) {
    it(`grows nothing and is answered meanwhile, with a log at ${level}`, async () => {
      let lines = 0;
      const logger = createLogger({ level, write: () => lines++ });
      await using client = await PluginClient.launch({
        handshake,
        plugins,
        cmd: fixture("probe-plugin"),
        logger,
        pluginLogLevel: "trace",
      });
      const probe = await client.dispense("probe");
      await probe.act("flood 1");
      const before = process.memoryUsage();
      const flooding = probe.act(`flood ${floodMiB}`);
      let flooded = false;
      void flooding.then(() => {
        flooded = true;
      });
      let calls = 0;
      while (!flooded) {
        assert.equal(await probe.echo("x"), "x");
        calls++;
      }
      const after = process.memoryUsage();
      // Buffers of pipes and of the collector's leisure; not a matter of how much was written.
      assert.ok(after.rss - before.rss < 100 * mib, `grew by ${(after.rss - before.rss) / mib} MiB`);
      assert.ok(calls > 0);
      if (level === "trace") assert.ok(lines > 0);
    });
  }
});
