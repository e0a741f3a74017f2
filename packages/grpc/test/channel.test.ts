import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Channel, createClient, type Server, type StatusError } from "@drawbar/grpc";
import { ServerConnection } from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { against, frame, good } from "./support/raw-peer.ts";
import { close, collect, echo, gate, rig, settle } from "./support/rig.ts";

describe("Channel", () => {
  test("connects with the first call and tells each change of its state", async () => {
    const states: string[] = [];
    const both = rig(
      { say: (request) => request },
      { channel: { onStateChange: (state) => states.push(state) } },
    );
    assert.equal(both.channel.state, "idle");
    assert.equal(both.pairs.length, 0);
    await Promise.all([both.client.say({}), both.client.say({})]);
    assert.equal(both.pairs.length, 1);
    await close(both);
    assert.deepEqual(states, ["connecting", "ready", "closed"]);
  });

  test("connects anew after the connection was lost", async () => {
    const both = rig({ say: (request) => request });
    await both.client.say({});
    both.pairs[0]?.[1].destroy(new Error("cable cut"));
    await settle();
    assert.equal(both.channel.state, "idle");
    assert.equal((await both.client.say({ key: "again" })).key, "again");
    assert.equal(both.pairs.length, 2);
    await close(both);
  });

  test("a connection that cannot be made fails its calls with UNAVAILABLE, and the next call tries again", async () => {
    const refused = new Error("connect ECONNREFUSED");
    for (const connect of [
      () => Promise.reject(refused),
      () => {
        throw refused;
      },
    ]) {
      let attempts = 0;
      const both = rig(
        {},
        {
          channel: {
            connect: () => {
              attempts++;
              return connect();
            },
          },
        },
      );
      for (const expected of [1, 2]) {
        await assert.rejects(both.client.say({}), (error: StatusError) => {
          assert.equal(error.code, "grpc-unavailable");
          assert.match(error.message, /could not connect: connect ECONNREFUSED/);
          assert.equal(error.cause, refused);
          return true;
        });
        assert.equal(attempts, expected);
        assert.equal(both.channel.state, "idle");
      }
    }
  });

  test("a server that drains finishes what it has; later calls go to a new connection", async () => {
    const release = gate();
    const running = gate();
    const sessions: ReturnType<Server["serve"]>[] = [];
    const both = rig({
      say: async (request) => {
        if (request.key !== "slow") return request;
        running.open();
        return release.promise.then(() => request);
      },
    });
    const serve = both.server.serve.bind(both.server);
    both.server.serve = (stream) => {
      const session = serve(stream);
      sessions.push(session);
      return session;
    };
    const slow = both.client.say({ key: "slow" });
    await running.promise;
    sessions[0]?.close();
    await settle();
    assert.equal(both.channel.state, "idle");
    assert.equal((await both.client.say({ key: "new" })).key, "new");
    assert.equal(sessions.length, 2);
    release.open();
    assert.equal((await slow).key, "slow");
    await sessions[0]?.closed;
    await close(both);
  });

  test("calls that the peer surely did not see are tried once more, of all kinds", async () => {
    let refusals = 0;
    const both = against((stream) => {
      if (refusals++ % 2 === 0) {
        stream.reset("REFUSED_STREAM");
        return;
      }
      stream.sendHeaders(good, false);
      stream.sendData(frame(0, 3, Uint8Array.of(0x0a, 1, 0x61)), false);
      stream.sendTrailers(["grpc-status", "0"]);
    });
    assert.equal((await both.client.say({})).key, "a");
    assert.equal((await both.client.collect([{}, {}])).key, "a");
    assert.equal((await collect(both.client.expand({}))).length, 1);
    assert.equal((await collect(both.client.chat([{}]))).length, 1);
    assert.equal(refusals, 8);
    await both.channel.close();
  });

  test("a call that is refused twice fails with UNAVAILABLE", async () => {
    let refusals = 0;
    const both = against((stream) => {
      refusals++;
      stream.reset("REFUSED_STREAM");
    });
    await assert.rejects(both.client.say({}), { code: "grpc-unavailable", message: /REFUSED_STREAM/ });
    await assert.rejects(collect(both.client.chat([{}])), { code: "grpc-unavailable" });
    assert.equal(refusals, 4);
    await both.channel.close();
  });

  test("a server that ends a connection for too many cancellations fails no call that it did not see", async () => {
    const http2 = { limits: { resetBurst: 5, resetsPerSecond: 1 } };
    const both = rig(
      {
        async *expand() {
          for (;;) yield { key: "tick" };
        },
      },
      { server: { http2 } },
    );
    for (let i = 0; i < 100; i++) {
      for await (const reply of both.client.expand({})) {
        assert.equal(reply.key, "tick");
        break;
      }
    }
    assert.ok(both.pairs.length > 1);
    await close(both);
  });

  test("all requests are sent again when a stream is tried again", async () => {
    const received: number[] = [];
    let streams = 0;
    const channel = new Channel({
      connect: () => {
        const [near, far] = memoryPair();
        new ServerConnection(far, {
          onStream: (stream) => {
            const index = streams++;
            received[index] = 0;
            return {
              onHeaders: () => {},
              onData: (chunk, endStream) => {
                received[index] = (received[index] ?? 0) + chunk.length;
                stream.consume(chunk.length);
                if (index === 0 && received[0] === 16) stream.reset("REFUSED_STREAM");
                if (index === 1 && endStream) {
                  stream.sendHeaders(good, false);
                  stream.sendData(frame(0, 0, new Uint8Array()), false);
                  stream.sendTrailers(["grpc-status", "0"]);
                }
              },
              onTrailers: () => {},
              onDrain: () => {},
              onReset: () => {},
            };
          },
        });
        return near;
      },
    });
    async function* requests(): AsyncGenerator<{ key: string }> {
      yield { key: "a" };
      yield { key: "b" };
      await settle();
      yield { key: "c" };
    }
    await createClient(echo, channel).collect(requests());
    assert.deepEqual(received, [16, 24]);
    await channel.close();
  });

  test("close lets calls in flight finish and fails later ones", async () => {
    const release = gate();
    const both = rig({ say: async (request) => release.promise.then(() => request) });
    const call = both.client.say({ key: "in flight" });
    await settle();
    const closed = both.channel.close();
    await assert.rejects(both.client.say({}), { code: "grpc-unavailable", message: /channel is closed/ });
    release.open();
    assert.equal((await call).key, "in flight");
    await closed;
    assert.equal(both.channel.state, "closed");
    await both.server.close();
  });

  test("destroy gives every call in flight, and every later one, the error as its cause", async () => {
    const both = rig({ say: () => new Promise(() => {}), chat: (requests) => requests });
    const died = new Error("plugin exited with code 3");
    const explained = (error: StatusError): boolean => {
      assert.equal(error.code, "grpc-unavailable");
      assert.equal(error.cause, died);
      assert.match(error.message, /plugin exited with code 3/);
      return true;
    };
    const calls = [both.client.say({}), both.client.say({}), both.client.chat([{}]).next()];
    await settle();
    const open = both.client.chat(
      (async function* () {
        await new Promise(() => {});
      })(),
    );
    await settle();
    both.channel.destroy(died);
    await calls[2];
    await assert.rejects(calls[0] as Promise<unknown>, explained);
    await assert.rejects(calls[1] as Promise<unknown>, explained);
    await assert.rejects(open.next(), explained);
    await assert.rejects(both.client.say({}), explained);
    assert.equal(both.channel.activeCalls, 0);
    await settle();
    assert.equal(both.server.activeCalls, 0);
  });

  test("destroy while it connects fails the calls that wait, and drops a connection that comes late", async () => {
    const late = gate<ReturnType<typeof memoryPair>[0]>();
    const both = rig({}, { channel: { connect: () => late.promise } });
    const call = both.client.say({});
    both.channel.destroy(new Error("too late"));
    await assert.rejects(call, { code: "grpc-unavailable", message: /too late/ });
    const [near, far] = memoryPair();
    const ended = gate();
    far.start({ onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose: () => ended.open() });
    late.open(near);
    await ended.promise;
  });

  test("keepalive gives up a peer that does not answer, while calls are in flight", async () => {
    const clock = new ManualClock();
    const [near, far] = memoryPair();
    far.start({ onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose: () => {} });
    const channel = new Channel({
      connect: () => near,
      clock,
      keepalive: { intervalMs: 1000, timeoutMs: 500 },
    });
    const call = createClient(echo, channel).say({});
    await settle();
    clock.advance(1000);
    await settle();
    clock.advance(500);
    await assert.rejects(call, {
      code: "grpc-unavailable",
      message: /did not answer a keepalive ping within 500 ms/,
    });
    assert.equal(channel.state, "idle");
  });

  test("keepalive leaves a peer alone that answers", async () => {
    const clock = new ManualClock();
    const release = gate();
    const keepalive = { intervalMs: 1000, timeoutMs: 500 };
    const both = rig(
      { say: async (request) => release.promise.then(() => request) },
      { channel: { clock, keepalive }, server: { clock, keepalive } },
    );
    const call = both.client.say({ key: "patient" });
    for (let i = 0; i < 10; i++) {
      await settle();
      clock.advance(400);
    }
    release.open();
    assert.equal((await call).key, "patient");
    await close(both);
  });
});

describe("Server", () => {
  test("close lets calls in progress finish, and cuts them after the grace", async () => {
    const clock = new ManualClock();
    const both = rig({ say: () => new Promise(() => {}) }, { server: { clock }, channel: { clock } });
    const call = both.client.say({});
    await settle();
    const closed = both.server.close({ graceMs: 3000 });
    clock.advance(2999);
    await settle();
    assert.equal(both.server.activeCalls, 1);
    clock.advance(1);
    await assert.rejects(call, { code: "grpc-unavailable" });
    await closed;
    assert.equal(both.server.activeCalls, 0);
  });

  test("a connection that comes after close is ended at once", async () => {
    const both = rig({ say: (request) => request });
    await both.server.close();
    await assert.rejects(both.client.say({}), { code: "grpc-unavailable" });
  });
});
