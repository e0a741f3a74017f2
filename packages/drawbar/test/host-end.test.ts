import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import type { ReattachConfig } from "drawbar";
import { startHost } from "./support/host-with-plugin.ts";
import { fixture } from "./support/launch-node.ts";
import { Lifeline } from "./support/lifeline.ts";

/** Kills a host when it has told so many steps, and gives the last one once its plugin is gone too. */
async function killAtStep(steps: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
  const lifeline = new Lifeline();
  await lifeline.listen();
  // Host and plugin share it as their stdin: it is cut when neither is left.
  const stdin = connect(lifeline.path);
  await once(stdin, "connect");
  const [node, ...args] = fixture("host", "trace");
  const host = spawn(node, args, {
    env: { ...process.env, TMPDIR: folder },
    stdio: [stdin, "pipe", "ignore"],
  });
  stdin.destroy();
  let told = 0;
  let last = "";
  for await (const line of createInterface({ input: host.stdout })) {
    last = line;
    if (++told === steps || line === "ready") break;
  }
  host.kill("SIGKILL");
  await lifeline.cut;
  assert.deepEqual(readdirSync(folder), [], `after ${JSON.stringify(last)}`);
  lifeline.close();
  rmSync(folder, { recursive: true });
  return last;
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

  it("by SIGKILL at any step of the start leaves neither plugin nor socket", async () => {
    for (let step = 1, last = ""; last !== "ready"; step++) last = await killAtStep(step);
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

  for (const [title, ...how] of [
    ["", "probe-plugin"],
    [", nor that of a plugin of another make with a watchdog", "stubborn-plugin", "watchdog"],
  ] as const) {
    it(`by SIGKILL leaves no private copy of a program whose checksum was given${title}`, async () => {
      const [name, ...args] = how;
      const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
      const program = join(folder, "plugin");
      writeFileSync(program, `#!/bin/sh\nexec ${fixture(name).join(" ")}\n`, { mode: 0o755 });
      const run = await startHost(fixture("host", "verified", program, ...args));
      const copies = () => run.leftovers().filter((entry) => entry.startsWith("drawbar-verified."));
      assert.equal(copies().length, 1);
      run.host.kill("SIGKILL");
      await run.lifeline.cut;
      assert.deepEqual(copies(), []);
      run.done();
      rmSync(folder, { recursive: true });
    });
  }

  it("by SIGKILL is noticed by the plugin, which ends and removes its socket", async () => {
    const run = await startHost(fixture("host", "stay"));
    run.host.kill("SIGKILL");
    await run.lifeline.cut;
    assert.deepEqual(run.leftovers(), []);
    run.done();
  });
});
