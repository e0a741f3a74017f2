import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientConnection, prepareHeaders } from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import { echoServer } from "./support/echo-server.ts";
import { Recorder } from "./support/recorder.ts";

const post = prepareHeaders([":method", "POST", ":scheme", "http", ":path", "/echo", ":authority", "test"]);

test("a request with a body gets headers, the body and trailers back", async () => {
  const [near, far] = memoryPair();
  echoServer(far);
  const client = new ClientConnection(near);
  const reply = new Recorder();
  const stream = client.request(post, reply, false);
  stream.sendData(Buffer.from("hello"), true, Buffer.from(">"));
  await reply.done;
  assert.deepEqual(reply.headers, [":status", "200", "content-type", "application/octet-stream"]);
  assert.equal(reply.text, ">hello");
  assert.deepEqual(reply.trailers, ["x-status", "0"]);
  client.close();
  assert.equal(await client.closed, undefined);
});

test("three megabytes go through windows and frames unchanged, both ways", async () => {
  const [near, far] = memoryPair();
  echoServer(far);
  const client = new ClientConnection(near);
  const reply = new Recorder();
  reply.onData = (chunk) => {
    for (const byte of chunk) reply.bytes.push(byte);
    stream.consume(chunk.length);
  };
  const stream = client.request(post, reply, false);
  const body = Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 7);
  stream.sendData(body, true);
  await reply.done;
  assert.equal(reply.error, undefined);
  assert.ok(Buffer.from(reply.bytes).equals(Buffer.from(body)));
  client.destroy();
});
