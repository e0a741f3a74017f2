import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { type FoundProcess, findProcess, isSameProcess } from "@drawbar/io/node";
import { ManualClock } from "@drawbar/io/testing";
import { PidProcess } from "./pid-process.ts";

async function sleeper() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore" });
  await once(child, "spawn");
  return { child, pid: child.pid ?? 0, gone: once(child, "exit") };
}

describe("a process known by its number", () => {
  it("is seen to be over at the next look, a second later", async () => {
    const clock = new ManualClock();
    const { child, pid, gone } = await sleeper();
    const found = PidProcess.find(pid, clock);
    child.kill("SIGKILL");
    await gone;
    clock.advance(999);
    assert.equal(found?.status, undefined);
    clock.advance(1);
    assert.deepEqual(await found?.exited, { exitCode: undefined, signal: undefined });
    assert.equal(clock.pendingCount, 0);
    assert.equal(PidProcess.find(pid, clock), undefined);
  });

  it("is looked at more often when its end is near", async () => {
    const clock = new ManualClock();
    const { pid, gone } = await sleeper();
    const found = PidProcess.find(pid, clock);
    found?.kill("SIGKILL");
    await gone;
    clock.advance(20);
    assert.ok(found?.status !== undefined);
    found.kill("SIGKILL");
  });

  it("is not taken for a later process of the same number, where the system tells when one started", () => {
    const now = findProcess(process.pid);
    assert.ok(isSameProcess(process.pid, now));
    const before: FoundProcess = { kind: "running", startedAt: "1" };
    assert.equal(isSameProcess(process.pid, before), process.platform !== "linux");
  });

  it("has no timer once it is let go of", async () => {
    const clock = new ManualClock();
    const found = PidProcess.find(process.pid, clock);
    found?.letGo();
    assert.equal(clock.pendingCount, 0);
  });
});
