import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { close, collect, gate, rig, settle } from "./support/rig.ts";

const never = new Promise<never>(() => {});

describe("deadlines", () => {
  test("a call that takes too long fails on the client, and the handler's signal aborts", async () => {
    const clock = new ManualClock();
    const reasons: unknown[] = [];
    const both = rig(
      {
        say: (_, { signal }) => {
          signal.addEventListener("abort", () => reasons.push((signal.reason as { code: string }).code));
          return never;
        },
      },
      { channel: { clock }, server: { clock } },
    );
    const call = both.client.say({}, { timeoutMs: 500 });
    await settle();
    clock.advance(499);
    await settle();
    assert.equal(both.channel.activeCalls, 1);
    clock.advance(1);
    await assert.rejects(call, { code: "grpc-deadline-exceeded", message: /timeoutMs of 500/ });
    await settle();
    assert.deepEqual(reasons, ["grpc-deadline-exceeded"]);
    assert.equal(both.server.activeCalls, 0);
    assert.equal(both.channel.activeCalls, 0);
    await close(both);
  });

  test("a failure that comes after the deadline is told as that, also before the client's timer has run", async () => {
    const clock = new ManualClock();
    // Timers that never come: the clock alone tells.
    const late = { now: () => clock.now(), setTimer: () => ({ cancel: () => {} }) };
    const answer = gate<never>();
    const both = rig({ say: () => answer.promise }, { channel: { clock: late } });
    const onTime = both.client.say({}, { timeoutMs: 500 });
    const call = both.client.say({}, { timeoutMs: 200 });
    await settle();
    clock.advance(200);
    answer.open(Promise.reject(new Error("context deadline exceeded")) as never);
    await assert.rejects(call, (error: Error) => {
      assert.match(error.message, /timeoutMs of 200/);
      assert.match(String(error.cause), /UNKNOWN: context deadline exceeded/);
      return true;
    });
    await assert.rejects(onTime, { code: "grpc-unknown" });
    await close(both);
  });

  test("the server ends the call by itself where the client's clock stands still", async () => {
    const clock = new ManualClock();
    const both = rig(
      {
        say: () => never,
        chat: async function* () {
          yield await never;
        },
      },
      {
        channel: { clock: new ManualClock() },
        server: { clock },
      },
    );
    const unary = both.client.say({}, { timeoutMs: 20 });
    const replies = both.client.chat([], { timeoutMs: 20 }).next();
    await settle();
    clock.advance(20);
    await assert.rejects(unary, {
      code: "grpc-deadline-exceeded",
      message: /the call's deadline has passed/,
    });
    await assert.rejects(replies, { code: "grpc-deadline-exceeded" });
    assert.equal(both.server.activeCalls, 0);
    await close(both);
  });

  test("a handler sees when its client gives up and how long that is, or that it does not", async () => {
    const clock = new ManualClock();
    const seen: unknown[] = [];
    const both = rig(
      {
        say: (request, context) => {
          seen.push(context.remainingMs, context.deadline instanceof Date);
          clock.advance(100);
          seen.push(context.remainingMs);
          return request;
        },
      },
      { server: { clock } },
    );
    await both.client.say({}, { timeoutMs: 1500 });
    await both.client.say({});
    assert.deepEqual(seen, [1500, true, 1400, undefined, false, undefined]);
    await close(both);
  });

  test("a call that is over leaves no timer behind", async () => {
    const clock = new ManualClock();
    const both = rig(
      {
        say: async (request) => request,
        expand: () => [{}],
        collect: async (requests) => (await collect(requests))[0] ?? {},
      },
      { channel: { clock }, server: { clock } },
    );
    await both.channel.connect();
    await both.client.say({});
    const before = clock.pendingCount;
    await both.client.say({}, { timeoutMs: 1000 });
    await collect(both.client.expand({}, { timeoutMs: 1000 }));
    await both.client.collect([{}], { timeoutMs: 1000 });
    assert.equal(clock.pendingCount, before);
    await close(both);
  });

  test("a deadline counts while the channel connects", async () => {
    const clock = new ManualClock();
    const both = rig({}, { channel: { clock, connect: () => never } });
    const call = both.client.say({}, { timeoutMs: 10 });
    clock.advance(10);
    await assert.rejects(call, { code: "grpc-deadline-exceeded" });
  });

  test("a stream in full flow ends at its deadline, and its handler's generator is returned", async () => {
    const clock = new ManualClock();
    const cleaned = gate();
    const both = rig(
      {
        async *expand() {
          try {
            for (let i = 0; ; i++) yield { key: String(i) };
          } finally {
            cleaned.open();
          }
        },
      },
      { channel: { clock }, server: { clock } },
    );
    const replies = both.client.expand({}, { timeoutMs: 1000 });
    for (let i = 0; i < 50; i++) await replies.next();
    clock.advance(1000);
    await assert.rejects(collect(replies), { code: "grpc-deadline-exceeded" });
    await cleaned.promise;
    await close(both);
  });
});
