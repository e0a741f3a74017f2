import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, describe, it } from "node:test";
import { isStatusError } from "@drawbar/grpc";
import { isDrawbarError } from "@drawbar/io";
import { BrokerError, createLogger, type Logger, PluginExitedError, PluginStartError } from "drawbar";
import { heapBytes } from "../support/heap.ts";
import { holdings, leftOver } from "../support/holdings.ts";
import { seed, seededRandom } from "../support/seeded-random.ts";
import { launchSubject, type Subject, subjects } from "./longevity-subjects.ts";
import { scratchFolder } from "./scratch-folder.ts";

// DRAWBAR_LONG=1 is the long form.
const kills = process.env["DRAWBAR_LONG"] === "1" ? 1_000 : 20;
const atOnce = 4;

/** Fails for an error that work must not end with because its plugin was killed. */
function checkCallError(error: unknown): void {
  assert.ok(isStatusError(error) ? error.statusName === "UNAVAILABLE" : isDrawbarError(error), String(error));
  let cause: unknown = error;
  while (cause instanceof Error && !(cause instanceof PluginExitedError)) cause = cause.cause;
  assert.ok(cause instanceof PluginExitedError, `no PluginExitedError among the causes of ${String(error)}`);
  assert.equal(cause.signal, "SIGKILL");
}

// A connection that was just being made may have failed before the exit was known.
function checkBrokerError(error: unknown): void {
  if (error instanceof BrokerError) assert.match(error.code, /^broker-(closed|refused)$/, String(error));
  else if (isStatusError(error)) assert.equal(error.statusName, "UNAVAILABLE", String(error));
  else checkCallError(error);
}

/** A logger that hears of the plugin's process as soon as there is one. */
function pidLogger(onPid: (pid: number) => void): Logger {
  return createLogger({
    level: "debug",
    write: ({ message, fields }) => {
      if (message === "plugin started") onPid(Number(fields?.["pid"]));
    },
  });
}

/** Kills a plugin some turns of the event loop after its process was started. */
async function killDuringStart(subject: Subject, turns: number, autoMtls: boolean): Promise<void> {
  const logger = pidLogger(async (pid) => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.kill(pid, "SIGKILL");
  });
  try {
    const { work } = await launchSubject(subject, { logger, pluginLogLevel: "off", autoMtls });
    for (;;) await work.call();
  } catch (error) {
    if (error instanceof PluginStartError) {
      assert.match(error.code, /^(plugin-exited-early|dial-failed|tls-failed)$/, String(error));
    } else checkBrokerError(error);
  }
}

/** Puts all kinds of work on a plugin, kills it after some answers, and waits for every promise. */
async function killUnderLoad(subject: Subject, answers: number, settings: object): Promise<void> {
  const { client, work } = await launchSubject(subject, settings);
  await using _ended = client;
  let left = answers;
  const repeat = async (task: () => Promise<unknown>): Promise<never> => {
    for (;;) {
      await task();
      if (left-- === 0) process.kill(client.pid, "SIGKILL");
    }
  };
  const fails = (check: (error: unknown) => void) => (promise: Promise<unknown>) =>
    promise.then(() => assert.fail("what is endless ended"), check);
  const calls = [repeat(() => work.call()), repeat(() => work.call()), ...work.endless.map((task) => task())];
  await Promise.all([
    ...calls.map(fails(checkCallError)),
    ...work.brokered.map(repeat).map(fails(checkBrokerError)),
  ]);
  assert.equal((await client.exited).signal, "SIGKILL");
}

describe(`a plugin killed at ${kills} random moments, repeatable by DRAWBAR_SEED=${seed}`, () => {
  const temporary = process.env["TMPDIR"];
  after(() => {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
  });

  for (const [index, subject] of subjects.entries()) {
    // Programs on node start in five times the time of the others.
    const isForeign = !subject.name.startsWith("drawbar");
    const count = (kills / 2) * (isForeign ? 0.7 : 0.3);
    // Nobody can know where a socket is that a plugin on go-plugin had made, and was killed before it said so: its own,
    // or one for a brokered connection. One a kill at most.
    const unannounced = /^plugin\d+$/;
    it(`${count} times, on ${subject.name}: every promise settles and nothing is left`, async (t) => {
      delete process.env["TMPDIR"];
      using folder = scratchFolder();
      // For the sockets of either side.
      process.env["TMPDIR"] = folder.path;
      const random = seededRandom(seed + index);
      const multiplexes = subject.name.endsWith("gRPC") ? [false, true] : [false];
      let killedEarly = 0;
      let killed = 0;
      const early = (turns: number, autoMtls: boolean): Promise<void> => {
        killedEarly++;
        killed++;
        return killDuringStart(subject, turns, autoMtls);
      };
      const loaded = (answers: number, autoMtls: boolean, grpcBrokerMultiplex: boolean): Promise<void> => {
        killed++;
        return killUnderLoad(subject, answers, { autoMtls, grpcBrokerMultiplex });
      };
      const killOne = (): Promise<void> => {
        const autoMtls = random(2) === 0;
        if (random(4) === 0) return early(random(200), autoMtls);
        const multiplex = multiplexes[random(multiplexes.length)] ?? false;
        return loaded(random(60), autoMtls, multiplex);
      };
      const repeat = async (times: number): Promise<void> => {
        let left = times;
        const one = async (): Promise<void> => {
          while (left-- > 0) await killOne();
        };
        await Promise.all(Array.from({ length: atOnce }, one));
      };
      // Each way once, so that all the code that any needs is loaded before it is measured what is held.
      await early(100, true);
      for (const autoMtls of [false, true])
        for (const multiplex of multiplexes) await loaded(20, autoMtls, multiplex);
      const before = holdings();
      const bytesBefore = await heapBytes();
      await repeat(count);
      assert.deepEqual(await leftOver(before), {}, "left over");
      const files = readdirSync(folder.path);
      const orphans = isForeign ? files.filter((name) => unannounced.test(name)) : [];
      t.diagnostic(
        `${orphans.length} sockets that nobody was told of, ${killedEarly} kills during the start`,
      );
      assert.ok(orphans.length <= killed, `${orphans.length} sockets after ${killed} kills`);
      assert.deepEqual(
        files.filter((name) => !orphans.includes(name)),
        [],
        "files",
      );
      const grown = (await heapBytes()) - bytesBefore;
      t.diagnostic(`the heap grew by ${Math.round(grown / 1024)} KiB`);
      assert.ok(grown < 2_000_000 + count * 2_000, `the heap grew by ${grown} bytes`);
    });
  }
});
