import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Server } from "@drawbar/grpc";
import type { Http2Stream } from "@drawbar/http2";
import { against, ask, frame, good, requestOf } from "./support/raw-peer.ts";
import { collect, echo } from "./support/rig.ts";

const ok = ["grpc-status", "0"];
const empty = frame(0, 0, new Uint8Array());

interface Case {
  readonly title: string;
  readonly answer: (stream: Http2Stream) => void;
  readonly code: string;
  readonly message: RegExp;
}

function answered(headers: readonly string[], data: Uint8Array | undefined, trailers: readonly string[]) {
  return (stream: Http2Stream): void => {
    stream.sendHeaders(headers, false);
    if (data !== undefined) stream.sendData(data, false);
    stream.sendTrailers(trailers);
  };
}

const cases: readonly Case[] = [
  {
    title: "an answer that is HTML",
    answer: answered([":status", "200", "content-type", "text/html"], new Uint8Array(10), ok),
    code: "grpc-unknown",
    message: /content-type "text\/html", expected 200 and application\/grpc/,
  },
  {
    title: "an HTTP error of a proxy",
    answer: (stream) => stream.sendHeaders([":status", "503"], true),
    code: "grpc-unavailable",
    message: /HTTP status 503, no content-type/,
  },
  {
    title: "an HTTP error with a gRPC status",
    answer: (stream) =>
      stream.sendHeaders([":status", "415", "grpc-status", "3", "grpc-message", "bad"], true),
    code: "grpc-invalid-argument",
    message: /bad/,
  },
  {
    title: "trailers without a status",
    answer: answered(good, empty, ["x", "y"]),
    code: "grpc-unknown",
    message: /without a grpc-status/,
  },
  {
    title: "a status that is no number",
    answer: answered(good, empty, ["grpc-status", "fine"]),
    code: "grpc-unknown",
    message: /unknown grpc-status "fine"/,
  },
  {
    title: "a prefix with an unknown flag",
    answer: answered(good, frame(9, 0, new Uint8Array()), ok),
    code: "grpc-internal",
    message: /flag 9/,
  },
  {
    title: "a message cut short",
    answer: answered(good, frame(0, 100, new Uint8Array(50)), ok),
    code: "grpc-internal",
    message: /ended within a message/,
  },
  {
    title: "a prefix cut short",
    answer: answered(good, Uint8Array.of(0, 0), ok),
    code: "grpc-internal",
    message: /ended within a message/,
  },
  {
    title: "a compressed message without an encoding",
    answer: answered(good, frame(1, 3, new Uint8Array(3)), ok),
    code: "grpc-internal",
    message: /marked as compressed, but no grpc-encoding/,
  },
  {
    title: "a compressed message that is not gzip",
    answer: answered([...good, "grpc-encoding", "gzip"], frame(1, 3, new Uint8Array(3)), ok),
    code: "grpc-internal",
    message: /not valid gzip/,
  },
  {
    title: "an encoding that was not offered",
    answer: answered([...good, "grpc-encoding", "snappy"], empty, ok),
    code: "grpc-internal",
    message: /compressed with "snappy"/,
  },
  {
    title: "a message that is not protobuf",
    answer: answered(good, frame(0, 2, Uint8Array.of(0x0a, 0x7f)), ok),
    code: "grpc-internal",
    message: /could not be decoded/,
  },
  {
    title: "an answer that ends without trailers",
    answer: (stream) => {
      stream.sendHeaders(good, false);
      stream.sendData(empty, true);
    },
    code: "grpc-internal",
    message: /ended without trailers/,
  },
  {
    title: "a reset",
    answer: (stream) => stream.reset("ENHANCE_YOUR_CALM"),
    code: "grpc-resource-exhausted",
    message: /reset the stream with ENHANCE_YOUR_CALM/,
  },
  {
    title: "a reset in the middle",
    answer: (stream) => {
      stream.sendHeaders(good, false);
      stream.sendData(frame(0, 100, new Uint8Array(50)), false);
      stream.reset("INTERNAL_ERROR");
    },
    code: "grpc-internal",
    message: /INTERNAL_ERROR/,
  },
];

describe("a client and a server that answers wrongly", () => {
  for (const { title, answer, code, message } of cases) {
    test(`${title} fails calls of each kind`, async () => {
      const { client, channel } = against(answer);
      await assert.rejects(client.say({}), { code, message });
      await assert.rejects(client.collect([{}]), { code, message });
      await assert.rejects(collect(client.expand({})), { code, message });
      await assert.rejects(collect(client.chat([{}])), { code, message });
      assert.equal(channel.activeCalls, 0);
      await channel.close();
    });
  }

  test("a status OK without a message, or with two, fails calls that expect one", async () => {
    const none = against(answered(good, undefined, ok));
    await assert.rejects(none.client.say({}), { code: "grpc-internal", message: /OK but no message/ });
    await assert.rejects(none.client.collect([]), { code: "grpc-internal", message: /got none/ });
    assert.deepEqual(await collect(none.client.expand({})), []);
    const short = against((stream) => stream.sendHeaders([...good, ...ok], true));
    await assert.rejects(short.client.say({}), { code: "grpc-internal", message: /OK but no message/ });
    assert.deepEqual(await collect(short.client.expand({})), []);
    const two = against(answered(good, Buffer.concat([empty, empty]), ok));
    await assert.rejects(two.client.say({}), { code: "grpc-internal", message: /more than one message/ });
    await assert.rejects(two.client.collect([]), { code: "grpc-internal", message: /got more/ });
    for (const { channel } of [none, short, two]) await channel.close();
  });
});

function statusOf(answer: {
  headers: readonly string[];
  trailers: readonly string[];
}): [string | undefined, string] {
  const fields = [...answer.headers, ...answer.trailers];
  const field = (name: string): string | undefined => fields[fields.indexOf(name) + 1 || fields.length];
  return [field("grpc-status"), decodeURIComponent(field("grpc-message") ?? "")];
}

describe("a server and a client that asks wrongly", () => {
  const serve = (): Server =>
    new Server().addService(echo, {
      say: (request) => request,
      collect: async (requests) => ({ key: String((await collect(requests)).length) }),
      chat: (requests) => requests,
    });

  test("what is not gRPC is answered in HTTP", async () => {
    const get = [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "x"];
    assert.deepEqual((await ask(serve(), get, [])).headers.slice(0, 2), [":status", "405"]);
    const json = requestOf("Say").map((value) => (value === "application/grpc" ? "application/json" : value));
    const answer = await ask(serve(), json, [empty]);
    assert.deepEqual(answer.headers.slice(0, 2), [":status", "415"]);
    assert.match(statusOf(answer)[1], /application\/json/);
  });

  test("a malformed timeout, an unknown encoding and a malformed path are refused", async () => {
    assert.deepEqual(statusOf(await ask(serve(), requestOf("Say", "grpc-timeout", "5x"), [empty])), [
      "13",
      'malformed grpc-timeout "5x"',
    ]);
    const encoded = await ask(serve(), requestOf("Say", "grpc-encoding", "snappy"), [empty]);
    assert.equal(statusOf(encoded)[0], "12");
    assert.equal(encoded.headers.includes("grpc-accept-encoding"), true);
    const path = requestOf("Say").map((value) => (value.startsWith("/drawbar") ? "/nothing" : value));
    assert.deepEqual(statusOf(await ask(serve(), path, [empty])), [
      "12",
      'malformed method name: "/nothing"',
    ]);
  });

  const bodies: readonly [string, Uint8Array[], RegExp][] = [
    ["a message cut short", [frame(0, 100, new Uint8Array(50))], /ended with/],
    ["an unknown flag", [frame(7, 0, new Uint8Array())], /flag 7/],
    ["a compressed message without an encoding", [frame(1, 1, new Uint8Array(1))], /no grpc-encoding/],
    ["a message that is not protobuf", [frame(0, 2, Uint8Array.of(0x0a, 0x7f))], /could not be decoded/],
  ];
  for (const [title, body, message] of bodies) {
    test(`${title} fails calls of each kind with INTERNAL`, async () => {
      for (const method of ["Say", "Collect", "Chat"]) {
        const [status, text] = statusOf(await ask(serve(), requestOf(method), body));
        assert.equal(status, "13", method);
        assert.match(text, message, method);
      }
    });
  }

  test("a unary call without a message or with two is INTERNAL", async () => {
    assert.match(statusOf(await ask(serve(), requestOf("Say"), []))[1], /without a whole message/);
    assert.match(statusOf(await ask(serve(), requestOf("Say"), [empty, empty]))[1], /more than one message/);
  });

  test("an unacceptable message is answered before the request is complete", async () => {
    const [status, text] = statusOf(
      await ask(serve(), requestOf("Say"), [frame(0, 2 ** 31, empty)], "leave open"),
    );
    assert.equal(status, "8");
    assert.match(text, /2147483648 bytes is larger than 4194304/);
  });

  test("replies are compressed only for clients that take gzip", async () => {
    const server = new Server().addService(echo, {
      say: (request, context) => {
        context.compress = "gzip";
        return request;
      },
    });
    const plain = await ask(server, requestOf("Say"), [frame(0, 2, Uint8Array.of(0x0a, 0))]);
    assert.equal(plain.data[0], 0);
    const zipped = await ask(server, requestOf("Say", "grpc-accept-encoding", "identity, gzip"), [empty]);
    assert.equal(zipped.data[0], 1);
    assert.equal(zipped.headers.includes("grpc-encoding"), true);
  });

  test("requests may be compressed", async () => {
    const body = gzipSync(Uint8Array.of(0x0a, 1, 0x61));
    const answer = await ask(serve(), requestOf("Say", "grpc-encoding", "gzip"), [
      frame(1, body.length, body),
    ]);
    assert.deepEqual([...answer.data], [0, 0, 0, 0, 3, 0x0a, 1, 0x61]);
  });
});
