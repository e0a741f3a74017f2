import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { gunzip, gzip } from "./gzip.ts";
import { compose, type Interceptor } from "./interceptor.ts";
import { Keepalive } from "./keepalive.ts";
import { OutboundPump } from "./outbound-pump.ts";

describe("gzip", () => {
  test("a message comes back as it was", () => {
    const message = new TextEncoder().encode("again and again ".repeat(100));
    const compressed = gzip(message);
    assert.ok(compressed.length < message.length / 4);
    assert.deepEqual(Uint8Array.from(gunzip(compressed, { bytes: 10_000, option: "x" })), message);
  });

  test("a bomb is stopped at the limit and names the option", () => {
    const bomb = gzip(new Uint8Array(50_000_000));
    assert.throws(() => gunzip(bomb, { bytes: 100_000, option: "maxReceiveMessageBytes of the Test" }), {
      code: "grpc-resource-exhausted",
      message: /maxReceiveMessageBytes of the Test/,
    });
  });

  test("what is not gzip is an error that says so", () => {
    assert.throws(() => gunzip(Uint8Array.of(1, 2, 3), { bytes: 100, option: "x" }), {
      code: "grpc-internal",
      message: /not valid gzip/,
    });
  });
});

describe("compose", () => {
  test("interceptors stand around each other, the first outermost", async () => {
    const log: string[] = [];
    const named = (name: string): Interceptor<string> =>
      async function* (call, next) {
        log.push(`${name} in`);
        yield* next(`${call}${name}`);
        log.push(`${name} out`);
      };
    const call = compose([named("a"), named("b")], async function* (text) {
      log.push(text);
      yield text;
    });
    for await (const value of call("-")) assert.equal(value, "-ab");
    assert.deepEqual(log, ["a in", "b in", "-ab", "b out", "a out"]);
  });
});

describe("Keepalive", () => {
  function start(needed: () => boolean): {
    clock: ManualClock;
    answers: (() => void)[];
    silences: number[];
    keepalive: Keepalive;
  } {
    const clock = new ManualClock();
    const answers: (() => void)[] = [];
    const silences: number[] = [];
    const keepalive = new Keepalive({ intervalMs: 1000, timeoutMs: 300 }, clock, {
      ping: () => new Promise<void>((resolve) => answers.push(resolve)),
      needed,
      onSilence: (ms) => silences.push(ms),
    });
    return { clock, answers, silences, keepalive };
  }

  test("an answered ping is followed by the next after the interval", async () => {
    const { clock, answers, silences } = start(() => true);
    clock.advance(1000);
    assert.equal(answers.length, 1);
    clock.advance(299);
    answers[0]?.();
    await Promise.resolve();
    clock.advance(999);
    assert.equal(answers.length, 1);
    clock.advance(1);
    assert.equal(answers.length, 2);
    assert.deepEqual(silences, []);
  });

  test("silence is told once the timeout is over", () => {
    const { clock, silences } = start(() => true);
    clock.advance(1299);
    assert.deepEqual(silences, []);
    clock.advance(1);
    assert.deepEqual(silences, [300]);
  });

  test("nothing is sent while it is not needed or after it was stopped", () => {
    const { clock, answers, keepalive } = start(() => false);
    clock.advance(5500);
    assert.equal(answers.length, 0);
    keepalive.stop();
    assert.equal(clock.pendingCount, 0);
  });
});

describe("OutboundPump", () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("the source is not asked for more than the sink makes room for", async () => {
    let pulled = 0;
    const sent: number[] = [];
    const ends: string[] = [];
    async function* source(): AsyncGenerator<number> {
      for (let i = 0; i < 6; i++) {
        pulled++;
        yield i;
      }
    }
    const pump = new OutboundPump<number>(source(), {
      sendMessage: (value) => sent.push(value) % 2 === 1,
      onSourceEnd: () => ends.push("end"),
      onSourceError: () => ends.push("error"),
    });
    pump.start();
    for (const expected of [2, 4, 6]) {
      await turn();
      assert.equal(pulled, expected);
      pump.resume();
    }
    await turn();
    assert.deepEqual(ends, ["end"]);
    assert.deepEqual(sent, [0, 1, 2, 3, 4, 5]);
  });

  test("stopping lets the source clean up and says nothing more", async () => {
    let cleaned = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        cleaned = true;
      }
    }
    const ends: string[] = [];
    const pump = new OutboundPump<number>(source(), {
      sendMessage: () => false,
      onSourceEnd: () => ends.push("end"),
      onSourceError: () => ends.push("error"),
    });
    pump.start();
    await turn();
    pump.stop();
    await turn();
    assert.equal(cleaned, true);
    assert.deepEqual(ends, []);
  });

  test("what the source or the sink throws is told once, and the source cleans up", async () => {
    const failures: unknown[] = [];
    let returned = 0;
    const failing = { next: () => Promise.reject(new Error("source")), return: () => returned++ };
    const working = { next: () => Promise.resolve({ done: false, value: 1 }), return: () => returned++ };
    for (const iterator of [failing, working]) {
      const source = { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<number>;
      new OutboundPump<number>(source, {
        sendMessage: () => {
          throw new Error("sink");
        },
        onSourceEnd: () => assert.fail(),
        onSourceError: (error) => failures.push((error as Error).message),
      }).start();
      await turn();
    }
    assert.deepEqual(failures, ["source", "sink"]);
    assert.equal(returned, 1);
  });
});
