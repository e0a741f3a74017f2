import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Metadata, StatusError } from "@drawbar/grpc";
import { close, collect, gate, rig, settle, text } from "./support/rig.ts";

const keys = async (messages: AsyncIterable<{ key: string }>): Promise<string[]> =>
  (await collect(messages)).map(({ key }) => key);

describe("calls of the four kinds", () => {
  test("unary: one request, one reply", async () => {
    const both = rig({ say: ({ key, value }) => ({ key: `${key}!`, value }) });
    const reply = await both.client.say({ key: "hello", value: text("world") });
    assert.equal(reply.$typeName, "drawbar.test.KeyValue");
    assert.equal(reply.key, "hello!");
    assert.deepEqual(reply.value, text("world"));
    await close(both);
  });

  test("unary: a handler may answer later", async () => {
    const both = rig({ say: async (request) => settle().then(() => request) });
    assert.equal((await both.client.say({ key: "later" })).key, "later");
    await close(both);
  });

  test("server streaming: one request, any number of replies, from a generator or an array", async () => {
    const both = rig({
      expand: ({ key }) => (key === "" ? [] : [...key].map((letter) => ({ key: letter }))),
    });
    assert.deepEqual(await keys(both.client.expand({ key: "abc" })), ["a", "b", "c"]);
    assert.deepEqual(await keys(both.client.expand({})), []);
    await close(both);
  });

  test("client streaming: any number of requests, one reply", async () => {
    const both = rig({ collect: async (requests) => ({ key: (await keys(requests)).join("+") }) });
    assert.equal((await both.client.collect([{ key: "a" }, { key: "b" }])).key, "a+b");
    assert.equal((await both.client.collect([])).key, "");
    async function* later(): AsyncGenerator<{ key: string }> {
      yield { key: "x" };
      await settle();
      yield { key: "y" };
    }
    assert.equal((await both.client.collect(later())).key, "x+y");
    await close(both);
  });

  test("client streaming: the handler may answer before it has everything", async () => {
    const cleaned = gate();
    async function* endless(): AsyncGenerator<{ key: string }> {
      try {
        for (let i = 0; ; i++) yield { key: String(i) };
      } finally {
        cleaned.open();
      }
    }
    const both = rig({
      collect: async (requests) => {
        for await (const { key } of requests) return { key: `first ${key}` };
        return { key: "none" };
      },
    });
    assert.equal((await both.client.collect(endless())).key, "first 0");
    await cleaned.promise;
    await close(both);
  });

  test("bidirectional: each side streams as it likes", async () => {
    const both = rig({
      async *chat(requests) {
        for await (const { key } of requests) yield { key: key.toUpperCase() };
        yield { key: "bye" };
      },
    });
    const answers = gate<string>();
    async function* questions(): AsyncGenerator<{ key: string }> {
      yield { key: "a" };
      yield { key: `after ${await answers.promise}` };
    }
    const seen: string[] = [];
    for await (const { key } of both.client.chat(questions())) {
      seen.push(key);
      if (key === "A") answers.open("A");
    }
    assert.deepEqual(seen, ["A", "AFTER A", "bye"]);
    await close(both);
  });

  test("a stream begins when it is called, not when it is read", async () => {
    const called = gate();
    const both = rig({
      expand: () => {
        called.open();
        return [];
      },
    });
    both.client.expand({});
    await called.promise;
    await close(both);
  });

  test("messages of several megabytes pass in both directions", async () => {
    const both = rig({ say: (request) => request }, { server: { maxReceiveMessageBytes: 2 ** 26 } });
    const value = new Uint8Array(5_000_000).map((_, i) => i * 7);
    assert.deepEqual((await both.client.say({ key: "big", value })).value, value);
    await close(both);
  });

  test("a thousand calls at once are each answered with their own", async () => {
    const both = rig({ say: (request) => request });
    const replies = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => both.client.say({ key: String(i) })),
    );
    assert.deepEqual(
      replies.map(({ key }) => key),
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
    await close(both);
  });
});

describe("metadata of a call", () => {
  test("goes with the request, with the beginning of the answer and with its end", async () => {
    const both = rig({
      say: (request, context) => {
        assert.equal(context.metadata.get("x-question"), "why");
        assert.deepEqual(context.metadata.getAllBinary("x-raw-bin"), [Uint8Array.of(0, 255)]);
        assert.match(context.metadata.get("user-agent") ?? "", /^grpc-node-drawbar\//);
        context.responseHeaders.set("x-head", "h");
        context.responseTrailers
          .append("x-tail-bin", Uint8Array.of(1))
          .append("x-tail-bin", Uint8Array.of(2));
        return request;
      },
    });
    let headers = new Metadata();
    let trailers = new Metadata();
    await both.client.say(
      {},
      {
        metadata: { "X-Question": "why", "x-raw-bin": Uint8Array.of(0, 255) },
        onHeaders: (metadata) => {
          headers = metadata;
        },
        onTrailers: (metadata) => {
          trailers = metadata;
        },
      },
    );
    assert.deepEqual([...headers], [["x-head", "h"]]);
    assert.deepEqual(trailers.getAllBinary("x-tail-bin"), [Uint8Array.of(1), Uint8Array.of(2)]);
    await close(both);
  });

  test("trailers come with an error too, in the callback and in the error", async () => {
    const both = rig({
      say: (_, context) => {
        context.responseTrailers.set("x-tail", "t");
        throw new StatusError("ABORTED", "no", { metadata: new Metadata({ "x-more": "m" }) });
      },
    });
    let trailers = new Metadata();
    const call = both.client.say({}, { onTrailers: (metadata) => (trailers = metadata) });
    await assert.rejects(call, (error: StatusError) => {
      assert.equal(error.metadata.get("x-tail"), "t");
      assert.equal(error.metadata.get("x-more"), "m");
      return true;
    });
    assert.equal(trailers.get("x-more"), "m");
    await close(both);
  });

  test("headers can be sent before the first reply", async () => {
    const release = gate();
    const both = rig({
      async *chat(_, context) {
        context.responseHeaders.set("x-early", "1");
        context.sendHeaders();
        await release.promise;
        yield { key: "late" };
      },
    });
    const early = gate<Metadata>();
    const replies = both.client.chat([], { onHeaders: early.open });
    assert.equal((await early.promise).get("x-early"), "1");
    release.open();
    assert.deepEqual(await keys(replies), ["late"]);
    await close(both);
  });

  test("a client's defaults and a call's own are both sent", async () => {
    const { createClient } = await import("@drawbar/grpc");
    const { echo } = await import("./support/rig.ts");
    const both = rig({ say: (_, { metadata }) => ({ key: `${metadata.get("a")}${metadata.get("b")}` }) });
    const client = createClient(echo, both.channel, { metadata: { a: "1" } });
    assert.equal((await client.say({}, { metadata: { b: "2" } })).key, "12");
    assert.equal((await client.say({})).key, "1undefined");
    await close(both);
  });

  test("metadata that cannot be sent fails the call and nothing else", async () => {
    const both = rig({ say: (request) => request });
    await assert.rejects(both.client.say({}, { metadata: { "grpc-status": "0" } }), {
      code: "grpc-internal",
      message: /grpc-status.*reserved/,
    });
    assert.equal((await both.client.say({ key: "k" })).key, "k");
    await close(both);
  });
});
