import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { PluginClient, PluginStartError } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, isGone, recordingLogger } from "./support/launch-node.ts";

const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
after(() => rmSync(folder, { recursive: true }));

// DRAWBAR_LONG=1 is the long form.
const kills = process.env["DRAWBAR_LONG"] === "1" ? 500 : 25;

interface Round {
  readonly calls: number;
  readonly failed: number;
}

/** Loads a plugin with calls and streams, kills it after `callsBefore` answers, and waits for every promise. */
async function killUnderLoad(callsBefore: number): Promise<Round> {
  const client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: fixture("probe-plugin"),
    env: { TMPDIR: folder },
  });
  const probe = await client.dispense("probe");
  let calls = 0;
  let failed = 0;
  const answered = (): void => {
    calls++;
    if (calls === callsBefore) process.kill(client.pid, "SIGKILL");
  };
  const fails = (): void => {
    failed++;
  };
  const callAgain = async (): Promise<never> => {
    for (;;) {
      await probe.echo("x".repeat(calls % 5_000));
      answered();
    }
  };
  const stream = async (): Promise<void> => {
    for await (const _ of probe.count("")) answered();
  };
  const work = [...Array.from({ length: 16 }, callAgain), stream(), stream(), probe.hang("").then(() => {})];
  if (callsBefore === 0) process.kill(client.pid, "SIGKILL");
  await Promise.all(work.map((promise) => promise.catch(fails)));
  assert.equal((await client.exited).signal, "SIGKILL");
  assert.ok(client.signal.aborted);
  await client.kill();
  assert.ok(isGone(client.pid));
  return { calls, failed };
}

/** Aborts a launch at its `step`-th log entry. */
async function abortDuringLaunch(step: number): Promise<void> {
  const controller = new AbortController();
  let entries = 0;
  const { logger } = recordingLogger(() => {
    entries++;
    if (entries === step) controller.abort(new Error("stop"));
  });
  const launched = PluginClient.launch({
    handshake,
    plugins,
    cmd: fixture("probe-plugin", "--noisy"),
    env: { TMPDIR: folder },
    signal: controller.signal,
    logger,
  });
  try {
    await (await launched).kill();
  } catch (error) {
    assert.ok(error instanceof PluginStartError || error === controller.signal.reason, String(error));
  }
}

describe("a plugin killed at a random moment", () => {
  it(`${kills} times under load leaves no promise pending and nothing behind`, async () => {
    const rounds = Array.from({ length: kills }, () => Math.floor(Math.random() ** 2 * 3_000));
    const runFour = async (): Promise<void> => {
      for (let callsBefore = rounds.pop(); callsBefore !== undefined; callsBefore = rounds.pop()) {
        const round = await killUnderLoad(callsBefore);
        assert.equal(round.failed, 19, `killed after ${callsBefore} of ${round.calls} answers`);
      }
    };
    await Promise.all([runFour(), runFour(), runFour(), runFour()]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("of its start leaves nothing behind", async () => {
    for (let step = 1; step <= 6; step++) await abortDuringLaunch(step);
    assert.deepEqual(readdirSync(folder), []);
  });
});
