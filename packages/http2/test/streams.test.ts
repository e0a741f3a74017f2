import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { post, preparedPost, rawClient, rawServer } from "./support/pairs.ts";
import { type as frame, uint32 } from "./support/raw-peer.ts";
import { Recorder } from "./support/recorder.ts";

const ok = [":status", "200"];

test("a unary request leaves in one write, and so does a unary response", async () => {
  const { peer, client } = rawServer();
  await peer.settled();
  const before = peer.writes.length;
  const stream = client.request(preparedPost, new Recorder(), false);
  stream.sendData(Buffer.from("body"), true, Buffer.from("head"));
  await peer.until(() => peer.of(frame.data).length > 0);
  assert.equal(peer.writes.length, before + 1);
  assert.equal(peer.of(frame.data)[0]?.payload.toString(), "headbody");
  const { peer: other } = rawClient();
  await other.settled();
  const earlier = other.writes.length;
  other.headers(1, post, false);
  other.send(frame.data, 1, 1, Buffer.from("x"));
  await other.until(() => other.of(frame.headers).length === 2);
  assert.ok(other.writes.length <= earlier + 2);
});

test("requests beyond the server's limit wait, in order, and a cancelled one is never sent", async () => {
  const { peer, client } = rawServer();
  peer.settings([3, 1]);
  await peer.settled();
  const replies = [new Recorder(), new Recorder(), new Recorder()];
  const streams = replies.map((reply) => client.request(preparedPost, reply, true));
  assert.deepEqual(
    streams.map((stream) => stream.id),
    [1, 0, 0],
  );
  streams[1]?.reset("CANCEL");
  await peer.until(() => peer.of(frame.headers, 1).length === 1);
  peer.headers(1, ok, true);
  await peer.until(() => peer.of(frame.headers, 3).length === 1);
  assert.deepEqual(
    streams.map((stream) => stream.id),
    [1, 0, 3],
  );
  assert.equal(peer.of(frame.rstStream).length, 0);
});

test("data of a request that waits is sent after its headers", async () => {
  const { peer, client } = rawServer();
  peer.settings([3, 0]);
  await peer.settled();
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, false);
  assert.equal(stream.sendData(Buffer.from("later"), true), false);
  peer.settings([3, 1]);
  await peer.until(() => peer.of(frame.data).length === 1);
  assert.equal(peer.of(frame.data)[0]?.payload.toString(), "later");
  assert.equal(reply.drains, 1);
});

test("informational responses are dropped, the final one is delivered", async () => {
  const { peer, client } = rawServer();
  const reply = new Recorder();
  client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.headers(1, [":status", "103", "link", "x"], false);
  peer.headers(1, ok, false);
  peer.headers(1, ["grpc-status", "0"], true);
  await reply.done;
  assert.deepEqual(reply.headers, ok);
  assert.deepEqual(reply.trailers, ["grpc-status", "0"]);
});

test("identical response headers are the same frozen object", async () => {
  const { peer, client } = rawServer();
  const replies = [new Recorder(), new Recorder()];
  for (const reply of replies) client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 2);
  for (const id of [1, 3]) peer.headers(id, [...ok, "date", "never indexed"], true);
  await replies[1]?.done;
  assert.ok(Object.isFrozen(replies[0]?.headers));
  assert.equal(replies[0]?.headers, replies[1]?.headers);
});

const malformed: readonly [what: string, misbehave: (peer: ReturnType<typeof rawServer>["peer"]) => void][] =
  [
    ["headers without a status", (peer) => peer.headers(1, ["a", "b"], true)],
    ["DATA before headers", (peer) => peer.send(frame.data, 0, 1, new Uint8Array(1))],
    ["an informational response that ends the stream", (peer) => peer.headers(1, [":status", "100"], true)],
    [
      "trailers that do not end the stream",
      (peer) => {
        peer.headers(1, ok, false);
        peer.headers(1, ["a", "b"], false);
      },
    ],
    [
      "less data than announced",
      (peer) => {
        peer.headers(1, [...ok, "content-length", "2"], false);
        peer.send(frame.data, 1, 1, new Uint8Array(1));
      },
    ],
  ];
for (const [what, misbehave] of malformed) {
  test(`a response with ${what} resets its stream with PROTOCOL_ERROR`, async () => {
    const { peer, client } = rawServer();
    const reply = new Recorder();
    client.request(preparedPost, reply, true);
    await peer.until(() => peer.of(frame.headers).length === 1);
    misbehave(peer);
    assert.equal(await peer.reset(1), "PROTOCOL_ERROR");
    assert.equal(reply.error?.errorCode, "PROTOCOL_ERROR");
    assert.equal(reply.error?.code, "http2-stream-reset");
    assert.equal(client.state, "open");
  });
}

test("a reset by the peer reaches the receiver with its code; REFUSED_STREAM may be tried again", async () => {
  const { peer, client } = rawServer();
  const replies = [new Recorder(), new Recorder()];
  for (const reply of replies) client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 2);
  peer.send(frame.rstStream, 0, 1, uint32(8));
  peer.send(frame.rstStream, 0, 3, uint32(7));
  await Promise.all(replies.map((reply) => reply.done));
  assert.deepEqual(
    replies.map(({ error }) => [error?.errorCode, error?.unprocessed]),
    [
      ["CANCEL", false],
      ["REFUSED_STREAM", true],
    ],
  );
});

test("after our reset no callback follows, and frames that were on their way are ignored", async () => {
  const { peer, client } = rawServer();
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, false);
  await peer.until(() => peer.of(frame.headers).length === 1);
  stream.reset("CANCEL");
  assert.equal(await peer.reset(1), "CANCEL");
  peer.headers(1, ok, false);
  peer.send(frame.data, 0, 1, new Uint8Array(100));
  peer.headers(1, ["a", "b"], true);
  await peer.settled();
  assert.equal(client.state, "open");
  assert.deepEqual([reply.headers, reply.error, reply.bytes.length], [undefined, undefined, 0]);
  stream.sendData(new Uint8Array(1), true);
  stream.sendTrailers(["a", "b"]);
});

test("sending in the wrong order is an error of the caller that says what is wrong", async () => {
  const { client } = rawServer();
  const stream = client.request(preparedPost, new Recorder(), true);
  assert.throws(() => stream.sendData(new Uint8Array(1), false), {
    code: "http2-invalid-use",
    message: /has ended/,
  });
  assert.throws(() => stream.sendHeaders(ok, false), { code: "http2-invalid-use", message: /already/ });
  assert.throws(() => client.request(["X", "y"], new Recorder(), true), { code: "http2-invalid-header" });
});

test("a ping gives the round trip, and fails when the connection ends", async () => {
  const clock = new ManualClock();
  const { peer, client } = rawServer({ clock });
  const answered = client.ping();
  await peer.until(() => peer.of(frame.ping).length === 1);
  clock.advance(7);
  peer.send(frame.ping, 1, 0, peer.of(frame.ping)[0]?.payload);
  assert.equal(await answered, 7);
  const lost = client.ping();
  client.destroy();
  await assert.rejects(lost, { code: "http2-connection-lost" });
  await assert.rejects(client.ping(), { code: "http2-goaway" });
});
