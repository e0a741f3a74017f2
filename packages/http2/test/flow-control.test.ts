import assert from "node:assert/strict";
import { test } from "node:test";
import { preparedPost, rawServer } from "./support/pairs.ts";
import { type as frame, type RawPeer } from "./support/raw-peer.ts";
import { Recorder } from "./support/recorder.ts";

const ok = [":status", "200"];
const mebibyte = 1024 * 1024;

function sum(peer: RawPeer, streamId?: number): number {
  return peer.of(frame.data, streamId).reduce((total, { payload }) => total + payload.length, 0);
}

function updates(peer: RawPeer, streamId: number): number {
  return peer
    .of(frame.windowUpdate, streamId)
    .reduce((total, { payload }) => total + payload.readUInt32BE(0), 0);
}

test("no more is sent than both windows allow, and the rest as they open", async () => {
  const { peer, client } = rawServer();
  peer.settings([4, 100]);
  await peer.settled();
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, false);
  assert.equal(stream.sendData(new Uint8Array(150), false), false);
  await peer.settled();
  assert.equal(sum(peer), 100);
  peer.windowUpdate(1, 20);
  await peer.settled();
  assert.equal(sum(peer), 120);
  // A larger initial window applies to open streams too (RFC 9113 §6.9.2).
  peer.settings([4, 200]);
  await peer.settled();
  assert.equal(sum(peer), 150);
  assert.equal(reply.drains, 1);
});

test("a window that became negative must be made good first", async () => {
  const { peer, client } = rawServer();
  peer.settings([4, 100]);
  await peer.settled();
  const stream = client.request(preparedPost, new Recorder(), false);
  stream.sendData(new Uint8Array(100), false);
  await peer.settled();
  peer.settings([4, 10]);
  peer.windowUpdate(1, 90);
  await peer.settled();
  stream.sendData(new Uint8Array(5), false);
  await peer.settled();
  assert.equal(sum(peer), 100);
  peer.windowUpdate(1, 1);
  await peer.settled();
  assert.equal(sum(peer), 101);
});

test("when the connection's window is the bottleneck, streams take turns", async () => {
  const { peer, client } = rawServer();
  peer.settings([4, mebibyte]);
  await peer.settled();
  const streams = [0, 1, 2].map(() => client.request(preparedPost, new Recorder(), false));
  streams[0]?.sendData(new Uint8Array(65_535), false);
  for (const stream of streams) stream.sendData(new Uint8Array(200_000), false);
  await peer.settled();
  const before = streams.map((stream) => sum(peer, stream.id));
  peer.windowUpdate(0, 6 * 16_384);
  await peer.settled();
  const gained = streams.map((stream, i) => sum(peer, stream.id) - (before[i] ?? 0));
  assert.deepEqual(gained, [2 * 16_384, 2 * 16_384, 2 * 16_384]);
});

test("the connection's window comes back on receipt, a stream's only as data is consumed", async () => {
  const window = 100_000;
  const { peer, client } = rawServer({ streamWindowBytes: window, connectionWindowBytes: window });
  const stream = client.request(preparedPost, new Recorder(), true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  const initially = updates(peer, 0);
  peer.headers(1, ok, false);
  for (let i = 0; i < 6; i++) peer.send(frame.data, 0, 1, new Uint8Array(10_000));
  await peer.settled();
  assert.ok(updates(peer, 0) - initially >= 50_000);
  assert.equal(updates(peer, 1), 0);
  stream.consume(60_000);
  await peer.until(() => updates(peer, 1) === 60_000);
});

test("too much unconsumed data holds the connection's window back until it is consumed", async () => {
  const window = 100_000;
  const { peer, client } = rawServer({ connectionWindowBytes: window, maxUnconsumedBytes: 20_000 });
  const stream = client.request(preparedPost, new Recorder(), true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.headers(1, ok, false);
  const initially = updates(peer, 0);
  for (let i = 0; i < 9; i++) peer.send(frame.data, 0, 1, new Uint8Array(10_000));
  await peer.settled();
  assert.equal(updates(peer, 0) - initially, 0);
  stream.consume(80_000);
  await peer.until(() => updates(peer, 0) - initially >= 50_000);
});

test("a window grows when the round trip brings as much as it holds", async () => {
  const window = 100_000;
  const { peer, client } = rawServer({ streamWindowBytes: window, maxStreamWindowBytes: 400_000 });
  const reply = new Recorder();
  const stream = client.request(preparedPost, reply, true);
  reply.onData = (chunk) => stream.consume(chunk.length);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.headers(1, ok, false);
  let sent = 0;
  const sendWindow = (bytes: number): void => {
    for (let i = 0; i < bytes / 10_000; i++) peer.send(frame.data, 0, 1, new Uint8Array(10_000));
    sent += bytes;
  };
  sendWindow(50_000);
  await peer.until(() => peer.of(frame.ping).length === 1);
  sendWindow(100_000);
  peer.send(frame.ping, 1, 0, peer.of(frame.ping)[0]?.payload);
  sendWindow(50_000);
  await peer.until(() => updates(peer, 1) >= sent + 100_000 - 50_000);
  assert.equal(client.state, "open");
});

test("DATA beyond a stream's window resets it with FLOW_CONTROL_ERROR", async () => {
  const { peer, client } = rawServer({ streamWindowBytes: 70_000 });
  const reply = new Recorder();
  client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.headers(1, ok, false);
  for (let i = 0; i < 5; i++) peer.send(frame.data, 0, 1, new Uint8Array(16_000));
  assert.equal(await peer.reset(1), "FLOW_CONTROL_ERROR");
  assert.equal(client.state, "open");
});

test("windows beyond 2^31-1 are FLOW_CONTROL_ERROR, of the stream or of the connection", async () => {
  const { peer, client } = rawServer();
  client.request(preparedPost, new Recorder(), false);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.windowUpdate(1, 2 ** 31 - 1);
  assert.equal(await peer.reset(1), "FLOW_CONTROL_ERROR");
  peer.windowUpdate(0, 2 ** 31 - 1);
  assert.equal(await peer.goaway(), "FLOW_CONTROL_ERROR");
});

test("padding counts against the windows and is given back by itself", async () => {
  const window = 70_000;
  const { peer, client } = rawServer({ streamWindowBytes: window });
  const reply = new Recorder();
  client.request(preparedPost, reply, true);
  await peer.until(() => peer.of(frame.headers).length === 1);
  peer.headers(1, ok, false);
  const padded = Buffer.concat([Buffer.from([255]), Buffer.from("x"), Buffer.alloc(255)]);
  for (let i = 0; i < 400; i++) peer.send(frame.data, 8, 1, padded);
  await peer.settled();
  assert.equal(reply.bytes.length, 400);
  assert.ok(updates(peer, 1) >= window / 2);
});
