import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientConnection, type DrainReason } from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { echoServer } from "./support/echo-server.ts";
import { post, preparedPost, rawClient, rawServer } from "./support/pairs.ts";
import { type as frame, uint32 } from "./support/raw-peer.ts";
import { Recorder } from "./support/recorder.ts";

const ok = [":status", "200"];

function goaway(lastStreamId: number, code: number, text = ""): Buffer {
  return Buffer.concat([uint32(lastStreamId), uint32(code), Buffer.from(text)]);
}

test("a server drains in two steps: requests on their way are served, later ones are not", async () => {
  const { peer, server } = rawClient();
  peer.headers(1, post, false);
  await peer.settled();
  server.close();
  assert.equal(server.state, "draining");
  await peer.until(() => peer.of(frame.goaway).length === 1);
  assert.equal(peer.of(frame.goaway)[0]?.payload.readUInt32BE(0), 2 ** 31 - 1);
  peer.headers(3, post, true);
  peer.send(frame.ping, 1, 0, peer.of(frame.ping).at(-1)?.payload);
  await peer.until(() => peer.of(frame.goaway).length === 2);
  assert.equal(peer.of(frame.goaway)[1]?.payload.readUInt32BE(0), 3);
  assert.equal(peer.of(frame.headers, 3).length, 2);
  peer.headers(5, post, true);
  await peer.settled();
  assert.equal(peer.of(frame.headers, 5).length, 0);
  peer.send(frame.data, 1, 1);
  assert.equal(await server.closed, undefined);
});

test("a client that does not answer the drain's PING does not hold it up", async () => {
  const clock = new ManualClock();
  const { peer, server } = rawClient({ clock });
  await peer.settled();
  server.close();
  await peer.until(() => peer.of(frame.goaway).length === 1);
  clock.advance(5000);
  assert.equal(await server.closed, undefined);
});

test("GOAWAY leaves streams that the server took alone, and gives others back as unprocessed", async () => {
  const reasons: DrainReason[] = [];
  const { peer, client } = rawServer({ onDraining: (reason) => reasons.push(reason) });
  const replies = [new Recorder(), new Recorder(), new Recorder()];
  client.request(preparedPost, replies[0] ?? new Recorder(), true);
  client.request(preparedPost, replies[1] ?? new Recorder(), true);
  await peer.until(() => peer.of(frame.headers).length === 2);
  peer.send(frame.goaway, 0, 0, goaway(1, 0, "moving"));
  await replies[1]?.done;
  assert.equal(replies[1]?.error?.unprocessed, true);
  assert.equal(replies[1]?.error?.code, "http2-goaway");
  assert.equal(client.state, "draining");
  assert.deepEqual(reasons, [{ errorCode: "NO_ERROR", debugText: "moving" }]);
  client.request(preparedPost, replies[2] ?? new Recorder(), true);
  await replies[2]?.done;
  assert.equal(replies[2]?.error?.unprocessed, true);
  peer.headers(1, ok, true);
  assert.equal(await client.closed, undefined);
  assert.deepEqual(replies[0]?.headers, ok);
});

test("a client's close lets open and waiting requests finish", async () => {
  const { peer, client } = rawServer();
  peer.settings([3, 1]);
  await peer.settled();
  const replies = [new Recorder(), new Recorder()];
  for (const reply of replies) client.request(preparedPost, reply, true);
  client.close();
  await peer.until(() => peer.of(frame.headers, 1).length === 1);
  peer.headers(1, ok, true);
  await peer.until(() => peer.of(frame.headers, 3).length === 1);
  peer.headers(3, ok, true);
  assert.equal(await client.closed, undefined);
  assert.deepEqual(
    replies.map((reply) => reply.headers),
    [ok, ok],
  );
  assert.equal(await peer.goaway(), "NO_ERROR");
});

test("destroy tells every receiver, open or waiting, and closes with the error given", async () => {
  const ends: (Error | undefined)[] = [];
  const { peer, client } = rawServer({ onClosed: (error) => ends.push(error) });
  peer.settings([3, 1]);
  await peer.settled();
  const replies = [new Recorder(), new Recorder()];
  for (const reply of replies) client.request(preparedPost, reply, true);
  const reason = new Error("enough");
  client.destroy(reason);
  assert.deepEqual(
    replies.map(({ error }) => [error?.code, error?.unprocessed, error?.cause]),
    [
      ["http2-connection-lost", false, reason],
      ["http2-goaway", true, reason],
    ],
  );
  assert.equal(await client.closed, reason);
  assert.deepEqual(ends, [reason]);
  client.destroy();
  client.close();
});

test("when the byte stream is lost, open streams learn of it on both sides", async () => {
  const [near, far] = memoryPair();
  const server = echoServer(far);
  const client = new ClientConnection(near);
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, false);
  stream.sendData(new Uint8Array(1), false);
  near.destroy(new Error("cable"));
  await reply.done;
  assert.equal(reply.error?.code, "http2-connection-lost");
  assert.match(String(reply.error), /cable/);
  assert.ok((await client.closed) instanceof Error);
  assert.ok((await server.closed) instanceof Error);
});

test("a connection error tells the peer why, and the streams too", async () => {
  const { peer, client } = rawServer();
  const reply = new Recorder();
  client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.send(frame.data, 0, 0);
  assert.equal(await peer.goaway(), "PROTOCOL_ERROR");
  assert.match(peer.of(frame.goaway)[0]?.payload.toString("utf8", 8) ?? "", /DATA on stream 0/);
  assert.equal(reply.error?.code, "http2-connection-error");
  assert.match(String(await client.closed), /DATA on stream 0/);
});
