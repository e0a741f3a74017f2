import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import type { ExitStatus } from "../errors.ts";
import type { RunningProcess } from "../launch/running-process.ts";
import { nullLogger } from "../log/logger.ts";
import { endProcess } from "./end-process.ts";

/** A process that ends at the signals in `obeys`, and says which it got. */
function fakeProcess(obeys: readonly string[]) {
  const signals: string[] = [];
  let end = (_: ExitStatus): void => {};
  const exited = new Promise<ExitStatus>((resolve) => {
    end = resolve;
  });
  const fake: RunningProcess & { status: ExitStatus | undefined } = {
    pid: 1,
    id: "1",
    exited,
    status: undefined,
    kill: (signal) => {
      signals.push(signal);
      if (obeys.includes(signal)) exit({ exitCode: undefined, signal });
    },
  };
  function exit(status: ExitStatus): void {
    fake.status = status;
    end(status);
  }
  return { fake, signals, exit };
}

const never = (): Promise<never> => new Promise(() => {});

function setUp(obeys: readonly string[], askToEnd: () => Promise<unknown> = never) {
  const clock = new ManualClock();
  const { fake, signals, exit } = fakeProcess(obeys);
  const ended = endProcess({
    process: fake,
    askToEnd,
    killTimeoutMs: 2_000,
    terminateTimeoutMs: 500,
    clock,
    logger: nullLogger,
  });
  /** Lets everything that is due run, then moves the clock. */
  const advance = async (ms: number): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, signals, exit, ended, advance };
}

describe("ending a plugin", () => {
  it("sends no signal to one that ends when asked, and leaves no timer", async () => {
    const run = setUp([]);
    run.exit({ exitCode: 0, signal: undefined });
    assert.equal(await run.ended, true);
    assert.deepEqual(run.signals, []);
    assert.equal(run.clock.pendingCount, 0);
  });

  it("waits the whole time for one that does not answer", async () => {
    const run = setUp(["SIGTERM"]);
    await run.advance(1_999);
    assert.deepEqual(run.signals, []);
    await run.advance(1);
    assert.equal(await run.ended, true);
    assert.deepEqual(run.signals, ["SIGTERM"]);
  });

  it("does not wait for one that refuses", async () => {
    const run = setUp(["SIGTERM"], () => Promise.reject(new Error("busy")));
    assert.equal(await run.ended, true);
    assert.deepEqual(run.signals, ["SIGTERM"]);
  });

  it("uses force on one that ignores SIGTERM", async () => {
    const run = setUp(["SIGKILL"]);
    await run.advance(2_000);
    await run.advance(500);
    assert.equal(await run.ended, true);
    assert.deepEqual(run.signals, ["SIGTERM", "SIGKILL"]);
  });

  it("gives up on one that even force does not end", async () => {
    const run = setUp([]);
    await run.advance(2_000);
    await run.advance(500);
    await run.advance(2_000);
    assert.equal(await run.ended, false);
    assert.equal(run.clock.pendingCount, 0);
  });
});
