import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { ReattachConfig } from "drawbar";
import { startHost } from "./support/host-with-plugin.ts";
import { fixture } from "./support/launch-node.ts";

describe("a host's end", () => {
  for (const [way, code] of [
    ["exit", 0],
    ["throw", 1],
    ["kill", 0],
  ] as const) {
    it(`by ${way} leaves neither plugin nor socket`, async () => {
      const run = await startHost(fixture("host", way));
      assert.equal(await run.exited, code);
      await run.lifeline.cut;
      assert.deepEqual(run.leftovers(), []);
      run.done();
    });
  }

  it("by SIGKILL ends a plugin of another make too, where a watchdog was asked for", async () => {
    const run = await startHost(fixture("host", "watchdog"));
    const config = JSON.parse(run.firstOutput) as ReattachConfig;
    assert.ok(existsSync(config.Addr.String));
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.equal(existsSync(config.Addr.String), false);
    run.done();
  });

  it("by SIGKILL leaves none of its own sockets either, since the plugin knows them", async () => {
    const run = await startHost(fixture("host", "broker"));
    assert.equal(run.leftovers().length, 2);
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.deepEqual(run.leftovers(), []);
    run.done();
  });

  it("by SIGKILL leaves no folder that it made for the plugin's sockets", async () => {
    const run = await startHost(fixture("host", "folder"));
    assert.deepEqual(
      run.leftovers().map((name) => name.replace(/.{6}$/, "")),
      ["drawbar-host-"],
    );
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.deepEqual(run.leftovers(), []);
    run.done();
  });

  it("by SIGKILL leaves no private copy of a program whose checksum was given", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    const program = join(folder, "plugin");
    writeFileSync(program, `#!/bin/sh\nexec ${fixture("probe-plugin").join(" ")}\n`, { mode: 0o755 });
    const run = await startHost(fixture("host", "verified", program));
    assert.ok(run.leftovers().some((name) => name.startsWith("drawbar-verified.")));
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.deepEqual(run.leftovers(), []);
    run.done();
    rmSync(folder, { recursive: true });
  });

  it("by SIGKILL is noticed by the plugin, which ends and removes its socket", async () => {
    const run = await startHost(fixture("host", "stay"));
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.deepEqual(run.leftovers(), []);
    run.done();
  });
});
