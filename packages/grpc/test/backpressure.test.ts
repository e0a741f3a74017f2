import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { close, collect, gate, rig, settle } from "./support/rig.ts";

const value = new Uint8Array(1000);
// Small windows, so that what may be under way is small against what there is to send.
const http2 = { streamWindowBytes: 65_536, maxStreamWindowBytes: 65_536 };
const windows = { server: { http2 }, channel: { http2 } };
// Window, the pair's and the engine's own buffers, in messages, with room to spare.
const mostAhead = 400;

describe("back-pressure", () => {
  test("a handler is not pulled further than the client reads", async () => {
    let produced = 0;
    const both = rig(
      {
        async *expand() {
          for (; produced < 5000; produced++) yield { value };
        },
      },
      windows,
    );
    const replies = both.client.expand({});
    await replies.next();
    await settle();
    const first = produced;
    assert.ok(first < mostAhead, `${first} messages were produced for one that was read`);
    await settle();
    assert.equal(produced, first);
    for (let read = 1; read < 2000; read++) await replies.next();
    await settle();
    assert.ok(produced >= 2000 && produced < 2000 + mostAhead, `${produced} were produced for 2000 read`);
    assert.equal((await collect(replies)).length, 3000);
    await close(both);
  });

  test("a source of requests is not pulled further than the handler reads", async () => {
    let produced = 0;
    const step = { gate: gate(), read: 0 };
    const both = rig(
      {
        collect: async (requests) => {
          for await (const _ of requests) if (++step.read === 1) await step.gate.promise;
          return { key: String(step.read) };
        },
      },
      windows,
    );
    async function* source(): AsyncGenerator<{ value: Uint8Array }> {
      for (; produced < 5000; produced++) yield { value };
    }
    const reply = both.client.collect(source());
    await settle();
    const first = produced;
    assert.ok(first > 0 && first < mostAhead, `${first} messages were produced for one that was read`);
    await settle();
    assert.equal(produced, first);
    step.gate.open();
    assert.equal((await reply).key, "5000");
    await close(both);
  });

  test("an array to send is held back as a generator is", async () => {
    const both = rig({ expand: () => new Array<{ value: Uint8Array }>(3000).fill({ value }) }, windows);
    const replies = both.client.expand({});
    await replies.next();
    assert.equal((await collect(replies)).length, 2999);
    await close(both);
  });

  test("a message larger than the window passes, one after the other", async () => {
    const large = new Uint8Array(300_000).fill(7);
    const both = rig({ chat: (requests) => requests }, windows);
    const replies = await collect(both.client.chat([{ value: large }, { value: large }, { value: large }]));
    assert.deepEqual(
      replies.map((reply) => reply.value.length),
      [300_000, 300_000, 300_000],
    );
    await close(both);
  });

  test("a source that never waits leaves turns to other calls", async () => {
    let produced = 0;
    const both = rig({
      say: (request) => request,
      async *expand() {
        for (;;) {
          produced++;
          yield {};
        }
      },
    });
    const endless = both.client.expand({});
    await endless.next();
    const before = produced;
    await both.client.say({});
    assert.ok(
      produced - before < 5000,
      `${produced - before} messages were sent before another call's answer`,
    );
    await endless.return?.();
    await close(both);
  });

  test("a stream that nobody reads holds up no other call", async () => {
    const both = rig(
      {
        say: (request) => request,
        async *expand() {
          for (;;) yield { value };
        },
      },
      windows,
    );
    const stuck = Array.from({ length: 20 }, () => both.client.expand({}));
    await settle();
    assert.equal((await both.client.say({ key: "through" })).key, "through");
    for (const replies of stuck) await replies.return?.();
    await close(both);
  });
});
