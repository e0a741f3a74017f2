import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HandlerContext, StatusError } from "@drawbar/grpc";
import { close, collect, gate, type Rig, rig, settle } from "./support/rig.ts";

interface Watched {
  readonly both: Rig;
  /** Opens when a handler runs. */
  readonly running: Promise<void>;
  /** Opens when the handler's signal aborted. */
  readonly aborted: Promise<unknown>;
  /** Opens when a streaming handler's generator was returned. */
  readonly cleaned: Promise<void>;
}

function watched(): Watched {
  const running = gate();
  const aborted = gate<unknown>();
  const cleaned = gate();
  const watch = ({ signal }: HandlerContext): Promise<never> => {
    signal.addEventListener("abort", () => aborted.open(signal.reason));
    running.open();
    return new Promise(() => {});
  };
  const both = rig({
    say: (_, context) => watch(context),
    collect: (_, context) => watch(context),
    async *expand(_, context) {
      void watch(context);
      try {
        for (;;) {
          yield { key: "tick" };
          await settle();
        }
      } finally {
        cleaned.open();
      }
    },
    async *chat(requests, context) {
      void watch(context);
      try {
        for await (const request of requests) yield request;
      } finally {
        cleaned.open();
      }
    },
  });
  return { both, running: running.promise, aborted: aborted.promise, cleaned: cleaned.promise };
}

async function* slowly(): AsyncGenerator<{ key: string }> {
  for (;;) {
    yield { key: "more" };
    await settle();
  }
}

describe("cancellation by the call's signal", () => {
  for (const kind of ["say", "collect", "expand", "chat"] as const) {
    test(`${kind}: the call fails with the reason as its cause, and the handler's signal aborts`, async () => {
      const { both, running, aborted } = watched();
      const controller = new AbortController();
      const { signal } = controller;
      const call =
        kind === "say"
          ? both.client.say({}, { signal })
          : kind === "collect"
            ? both.client.collect(slowly(), { signal })
            : collect(
                kind === "expand"
                  ? both.client.expand({}, { signal })
                  : both.client.chat(slowly(), { signal }),
              );
      call.catch(() => {});
      await running;
      const reason = new Error("changed my mind");
      controller.abort(reason);
      await assert.rejects(call, (error: StatusError) => {
        assert.equal(error.code, "grpc-cancelled");
        assert.equal(error.cause, reason);
        assert.match(error.message, /changed my mind/);
        return true;
      });
      assert.equal(((await aborted) as StatusError).code, "grpc-cancelled");
      assert.equal(both.channel.activeCalls, 0);
      assert.equal(both.server.activeCalls, 0);
      await close(both);
    });
  }

  test("a signal that has aborted before the call keeps it from being made", async () => {
    let called = 0;
    const both = rig({
      say: (request) => {
        called++;
        return request;
      },
    });
    await assert.rejects(both.client.say({}, { signal: AbortSignal.abort() }), { code: "grpc-cancelled" });
    await assert.rejects(collect(both.client.chat([], { signal: AbortSignal.abort() })), {
      code: "grpc-cancelled",
    });
    await settle();
    assert.equal(called, 0);
    assert.equal(both.channel.activeCalls, 0);
    assert.equal(both.channel.state, "idle");
  });

  test("a long-lived signal collects no listeners of calls that are over", async () => {
    const both = rig({ say: (request) => request });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    for (let i = 0; i < 10; i++) await both.client.say({}, { signal });
    assert.equal(listeners, 0);
    await close(both);
  });
});

describe("leaving a stream", () => {
  test("a client that stops reading cancels the call; the handler's generator is returned", async () => {
    const { both, aborted, cleaned } = watched();
    for await (const reply of both.client.expand({})) {
      assert.equal(reply.key, "tick");
      break;
    }
    await aborted;
    await cleaned;
    assert.equal(both.server.activeCalls, 0);
    await close(both);
  });

  test("the client's source of requests is returned when the call is over", async () => {
    const returned = gate();
    async function* source(): AsyncGenerator<{ key: string }> {
      try {
        yield* slowly();
      } finally {
        returned.open();
      }
    }
    const { both, running } = watched();
    const replies = both.client.chat(source());
    await running;
    await replies.next();
    await replies.return?.();
    await returned.promise;
    await close(both);
  });

  test("requests that a handler waits for fail when the client cancels", async () => {
    const failed = gate<unknown>();
    const both = rig({
      collect: async (requests) => {
        try {
          await collect(requests);
        } catch (error) {
          failed.open(error);
        }
        return {};
      },
    });
    const controller = new AbortController();
    const call = both.client.collect(slowly(), { signal: controller.signal });
    await settle();
    controller.abort();
    await assert.rejects(call, { code: "grpc-cancelled" });
    assert.equal(((await failed.promise) as StatusError).code, "grpc-cancelled");
    await close(both);
  });

  test("a handler's signal that is first asked for after the cancellation has aborted already", async () => {
    const late = gate<HandlerContext>();
    const both = rig({
      say: (_, context) => {
        late.open(context);
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const call = both.client.say({}, { signal: controller.signal });
    const context = await late.promise;
    controller.abort();
    await assert.rejects(call);
    await settle();
    assert.equal(context.signal.aborted, true);
    await close(both);
  });

  test("a handler's signal does not abort when the call ends well", async () => {
    const late = gate<HandlerContext>();
    const both = rig({
      say: (request, context) => {
        assert.equal(context.signal.aborted, false);
        late.open(context);
        return request;
      },
    });
    await both.client.say({});
    await close(both);
    assert.equal((await late.promise).signal.aborted, false);
  });
});
