import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ClientInterceptor, type ServerInterceptor, StatusError } from "@drawbar/grpc";
import { close, collect, rig } from "./support/rig.ts";

const handlers: Parameters<typeof rig>[0] = {
  say: ({ key }) => ({ key: `${key}.` }),
  expand: ({ key }) => [...key].map((letter) => ({ key: letter })),
  collect: async (requests) => ({ key: (await collect(requests)).map(({ key }) => key).join("") }),
  async *chat(requests) {
    for await (const { key } of requests) yield { key: `${key}.` };
  },
};

describe("interceptors", () => {
  test("see calls of all four kinds in one shape, on both sides, outermost first", async () => {
    const log: string[] = [];
    const client = (name: string): ClientInterceptor =>
      async function* (call, next) {
        log.push(`${name} ${call.method.path.slice(19)}`);
        for await (const reply of next(call)) {
          log.push(`${name} reply`);
          yield reply;
        }
      };
    const server: ServerInterceptor = async function* (call, next) {
      log.push(`server ${call.context.method.kind}`);
      yield* next(call);
    };
    const both = rig(handlers, {
      channel: { interceptors: [client("a"), client("b")] },
      server: { interceptors: [server] },
    });
    assert.equal((await both.client.say({ key: "k" })).key, "k.");
    assert.equal((await both.client.collect([{ key: "x" }, { key: "y" }])).key, "xy");
    assert.equal((await collect(both.client.expand({ key: "12" }))).length, 2);
    assert.deepEqual(
      (await collect(both.client.chat([{ key: "q" }]))).map(({ key }) => key),
      ["q."],
    );
    const around = (method: string, kind: string, replies: number): string[] => [
      ...[`a ${method}`, `b ${method}`, `server ${kind}`],
      ...new Array<string[]>(replies).fill(["b reply", "a reply"]).flat(),
    ];
    assert.deepEqual(log, [
      ...around("Say", "unary", 1),
      ...around("Collect", "client_streaming", 1),
      ...around("Expand", "server_streaming", 2),
      ...around("Chat", "bidi_streaming", 1),
    ]);
    await close(both);
  });

  test("may change messages, options and metadata, and leave values for the handler", async () => {
    const client: ClientInterceptor = async function* (call, next) {
      async function* louder(): AsyncGenerator<unknown> {
        for await (const request of call.requests) yield { key: `${(request as { key: string }).key}!` };
      }
      yield* next({ ...call, requests: louder(), options: { ...call.options, metadata: { "x-who": "me" } } });
    };
    const server: ServerInterceptor = async function* (call, next) {
      call.context.values.set("who", call.context.metadata.get("x-who"));
      yield* next(call);
    };
    const both = rig(
      { say: ({ key }, context) => ({ key: `${key} from ${context.values.get("who")}` }) },
      { channel: { interceptors: [client] }, server: { interceptors: [server] } },
    );
    assert.equal((await both.client.say({ key: "hi" })).key, "hi! from me");
    await close(both);
  });

  test("may refuse a call, answer it, see its error and try again", async () => {
    const failures: string[] = [];
    const retry: ClientInterceptor = async function* (call, next) {
      if (call.method.kind !== "unary") {
        yield* next(call);
        return;
      }
      const requests = await collect(call.requests);
      for (let attempt = 0; ; attempt++) {
        async function* again(): AsyncGenerator<unknown> {
          yield* requests;
        }
        try {
          yield* next({ ...call, requests: again() });
          return;
        } catch (error) {
          failures.push((error as StatusError).statusName);
          if (attempt === 2) throw error;
        }
      }
    };
    let attempts = 0;
    const gatekeeper: ServerInterceptor = async function* (call, next) {
      if (call.method.kind === "bidi_streaming") throw new StatusError("PERMISSION_DENIED", "not you");
      if (call.method.kind === "server_streaming") yield { key: "from the cache" };
      else yield* next(call);
    };
    const both = rig(
      {
        ...handlers,
        say: () => {
          if (++attempts < 3) throw new StatusError("UNAVAILABLE", "busy");
          return { key: "at last" };
        },
      },
      { channel: { interceptors: [retry] }, server: { interceptors: [gatekeeper] } },
    );
    assert.equal((await both.client.say({})).key, "at last");
    assert.deepEqual(failures, ["UNAVAILABLE", "UNAVAILABLE"]);
    await assert.rejects(collect(both.client.chat([])), { code: "grpc-permission-denied" });
    assert.deepEqual(
      (await collect(both.client.expand({}))).map(({ key }) => key),
      ["from the cache"],
    );
    await close(both);
  });

  test("one that answers a unary call with nothing, or twice, is an error", async () => {
    const silent: ServerInterceptor = async function* () {};
    const twice: ServerInterceptor = async function* (call, next) {
      yield* next(call);
      yield { key: "again" };
    };
    for (const [interceptor, message] of [
      [silent, /got none/],
      [twice, /got more/],
    ] as const) {
      const both = rig(handlers, { server: { interceptors: [interceptor] } });
      await assert.rejects(both.client.say({}), { code: "grpc-internal", message });
      await close(both);
    }
  });
});
