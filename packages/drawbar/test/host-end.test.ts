import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { ReattachConfig } from "drawbar";
import { fixture } from "./support/launch-node.ts";
import { Lifeline } from "./support/lifeline.ts";

interface HostWithPlugin {
  readonly host: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly lifeline: Lifeline;
  /** What the host said when it was ready. */
  readonly firstOutput: string;
  /** Files that host and plugin left in their temporary folder. */
  leftovers(): string[];
  done(): void;
}

/** Starts a host that launches a plugin, and waits until both are at work. */
async function startHost(command: readonly [string, ...string[]]): Promise<HostWithPlugin> {
  const lifeline = new Lifeline();
  await lifeline.listen();
  const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
  const [file, ...args] = command;
  const env = { ...process.env, LIFELINE: lifeline.path, TMPDIR: folder };
  const host = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<number | null>((resolve) => host.once("exit", resolve));
  const firstOutput = await new Promise<string>((resolve) =>
    host.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString())),
  );
  await lifeline.taken;
  return {
    host,
    exited,
    lifeline,
    firstOutput,
    leftovers: () => readdirSync(folder),
    done: () => {
      lifeline.close();
      rmSync(folder, { recursive: true });
    },
  };
}

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
