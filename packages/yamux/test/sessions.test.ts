import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { Session } from "@drawbar/yamux";
import { flag, rawPeer, Seen, sessionPair, settle, text, type } from "./raw-peer.ts";

test("a ping tells the round trip", async () => {
  const peer = rawPeer();
  const pinged = peer.session.ping();
  await peer.settle();
  assert.deepEqual(peer.take(), [{ type: type.ping, flags: flag.syn, id: 0, length: 0, payload: "" }]);
  peer.clock.advance(7);
  peer.send(type.ping, flag.ack, 0, 0);
  assert.equal(await pinged, 7);
});

test("the peer's ping is answered with its own value", async () => {
  const peer = rawPeer();
  peer.send(type.ping, flag.syn, 0, 0xdead_beef);
  await peer.settle();
  assert.deepEqual(peer.take(), [
    { type: type.ping, flags: flag.ack, id: 0, length: 0xdead_beef, payload: "" },
  ]);
});

test("a ping that is not answered fails by itself; the session goes on", async () => {
  const peer = rawPeer({ keepAliveIntervalMs: 0 });
  const pinged = peer.session.ping();
  peer.clock.advance(10_000);
  await assert.rejects(pinged, {
    code: "yamux-ping-timeout",
    message: "the peer did not answer a ping for 10000 ms",
  });
  assert.doesNotThrow(() => peer.session.open());
});

test("every 30 s a ping is sent, counted from the answer to the one before", async () => {
  const peer = rawPeer();
  for (let i = 0; i < 3; i++) {
    peer.clock.advance(29_999);
    await peer.settle();
    assert.deepEqual(peer.take(), []);
    peer.clock.advance(1);
    await peer.settle();
    assert.equal(peer.take()[0]?.length, i);
    peer.send(type.ping, flag.ack, 0, i);
    await peer.settle();
  }
});

test("a peer that does not answer the keepalive for 10 s is given up", async () => {
  const peer = rawPeer();
  const seen = new Seen(peer.session.open());
  peer.clock.advance(30_000);
  peer.clock.advance(10_000);
  const error = await peer.session.closed;
  assert.equal((error as { code?: string }).code, "yamux-keepalive-timeout");
  assert.equal(error?.message, "the peer did not answer a ping for 10000 ms: it is gone or stuck");
  assert.equal(seen.closed?.code, "yamux-keepalive-timeout");
});

test("a timer that comes late, because the program was busy, does not take the peer for dead", async () => {
  let nowMs = 0;
  const timers: (() => void)[] = [];
  const clock = {
    now: () => nowMs,
    setTimer: (_delayMs: number, callback: () => void) => {
      timers.push(callback);
      return { cancel: () => void timers.splice(timers.indexOf(callback), 1) };
    },
  };
  const peer = rawPeer({ clock, keepAliveIntervalMs: 0 });
  const pinged = peer.session.ping();
  nowMs = 60_000;
  timers.shift()?.();
  peer.send(type.ping, flag.ack, 0, 0);
  assert.equal(await pinged, 60_000);
});

test("a stream that is not answered for 75 s ends the session", async () => {
  const peer = rawPeer({ role: "client", keepAliveIntervalMs: 0 });
  peer.session.open();
  peer.clock.advance(74_999);
  assert.equal(peer.session.streamCount, 1);
  peer.clock.advance(1);
  const error = await peer.session.closed;
  assert.equal((error as { code?: string }).code, "yamux-open-timeout");
  assert.equal(error?.message, "the peer did not answer the opening of stream 1 for 75000 ms");
});

test("a stream that is answered, or ended here, in time does not", async () => {
  const peer = rawPeer({ role: "client", keepAliveIntervalMs: 0 });
  peer.session.open();
  peer.session.open().end();
  peer.send(type.windowUpdate, flag.ack, 1, 0);
  await peer.settle();
  peer.clock.advance(80_000);
  assert.equal(peer.session.streamCount, 2);
});

test("a stream that was ended here is reset after 5 min in which the peer sent nothing", async () => {
  const peer = rawPeer({ role: "client", keepAliveIntervalMs: 0 });
  const seen = new Seen(peer.session.open());
  seen.stream.end();
  peer.send(type.windowUpdate, flag.ack, 1, 0);
  await peer.settle();
  peer.clock.advance(299_000);
  peer.send(type.data, 0, 1, 1, text("x"));
  await peer.settle();
  peer.clock.advance(299_000);
  assert.equal(peer.session.streamCount, 1);
  peer.clock.advance(1_000);
  await peer.settle();
  assert.equal(seen.closed?.code, "yamux-close-timeout");
  assert.equal(peer.take().at(-1)?.flags, flag.rst);
});

test("while bytes wait for a paused reader, that time does not run out", async () => {
  const peer = rawPeer({ role: "client", keepAliveIntervalMs: 0 });
  const seen = new Seen(peer.session.open());
  seen.stream.end();
  seen.stream.pause();
  peer.send(type.data, flag.ack, 1, 1, text("x"));
  await peer.settle();
  peer.clock.advance(900_000);
  seen.stream.resume();
  await peer.settle();
  assert.deepEqual([seen.text, seen.closed], ["x", undefined]);
});

test("a connection that takes no bytes for 10 s is given up once something waits for it", async () => {
  const clock = new ManualClock();
  const [stuck, connection] = memoryPair(1_000);
  stuck.pause();
  stuck.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  const session = new Session(connection, { role: "client", clock, keepAliveIntervalMs: 0 });
  const seen = new Seen(session.open());
  seen.stream.write(new Uint8Array(100_000));
  await settle();
  seen.stream.write(new Uint8Array(1));
  clock.advance(9_999);
  assert.ok(seen.isOpen);
  clock.advance(1);
  const error = await session.closed;
  assert.equal((error as { code?: string }).code, "yamux-write-timeout");
  assert.equal(error?.message, "the connection has taken no bytes for 10000 ms");
});

test("one that takes bytes now and then is not", async () => {
  const clock = new ManualClock();
  const [slow, connection] = memoryPair(1_000);
  slow.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  const session = new Session(connection, {
    role: "client",
    clock,
    keepAliveIntervalMs: 0,
    streamOpenTimeoutMs: 0,
  });
  const seen = new Seen(session.open());
  for (let i = 0; i < 20; i++) {
    slow.pause();
    await settle();
    for (let j = 0; j < 4; j++) seen.stream.write(new Uint8Array(1_000));
    await settle();
    clock.advance(8_000);
    slow.resume();
    await settle();
  }
  assert.ok(seen.isOpen);
});

test("after goAway the peer's new streams are refused, and the one that was there goes on", async () => {
  const peer = rawPeer();
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  const seen = new Seen(await peer.session.accept());
  peer.session.goAway();
  peer.session.goAway();
  peer.send(type.windowUpdate, flag.syn, 3, 0);
  peer.send(type.data, 0, 1, 2, text("on"));
  await peer.settle();
  assert.deepEqual(
    peer.take().map((frame) => [frame.type, frame.flags, frame.id]),
    [
      [type.windowUpdate, flag.ack, 1],
      [type.goAway, 0, 0],
      [type.windowUpdate, flag.rst, 3],
    ],
  );
  assert.equal(seen.text, "on");
});

test("after the peer's go-away nothing can be opened, and what waited to be opened fails", async () => {
  const peer = rawPeer({ role: "client", acceptBacklog: 1 });
  const first = new Seen(peer.session.open());
  const second = new Seen(peer.session.open());
  peer.send(type.goAway, 0, 0, 0);
  await peer.settle();
  assert.throws(() => peer.session.open(), {
    code: "yamux-remote-go-away",
    message: "the peer takes no more streams on this session: open them on a new one",
  });
  assert.ok(first.isOpen);
  assert.equal(second.closed?.code, "yamux-remote-go-away");
});

test("close() waits for the streams, refuses new ones and ends the connection", async () => {
  const { client, server } = sessionPair();
  const here = new Seen(client.open());
  const there = new Seen(await server.accept());
  let closed = false;
  const closing = client.close().then(() => {
    closed = true;
  });
  await settle();
  assert.throws(() => client.open(), { code: "yamux-session-closed", message: "the session is closed" });
  assert.throws(() => server.open(), { code: "yamux-remote-go-away" });
  assert.equal(closed, false);
  here.stream.end();
  there.stream.end();
  await closing;
  assert.deepEqual([await client.closed, await server.closed], [undefined, undefined]);
  assert.deepEqual([here.closed, there.closed], Array(2).fill({ error: undefined, code: undefined }));
});

test("close() cuts what is still there after its time", async () => {
  const { client, server, clock } = sessionPair();
  const here = new Seen(client.open());
  await server.accept();
  const closing = client.close({ graceMs: 100 });
  await settle();
  clock.advance(100);
  await closing;
  assert.equal(here.closed?.code, "yamux-session-closed");
  assert.equal(await client.closed, undefined);
});

test("a session is disposed of as with close()", async () => {
  const { client, server } = sessionPair();
  {
    await using session = client;
    session.open().destroy();
  }
  assert.equal(await server.closed, undefined);
});

test("destroy(error) tells every stream, every ping and every accept", async () => {
  const { client, server } = sessionPair();
  const seen = new Seen(client.open());
  const error = new Error("enough");
  const pinged = assert.rejects(client.ping(), { code: "yamux-session-closed" });
  const accepted = assert.rejects(client.accept(), {
    code: "yamux-session-closed",
    message: "the session is closed: enough",
  });
  client.destroy(error);
  client.destroy();
  await Promise.all([pinged, accepted]);
  assert.equal(await client.closed, error);
  assert.equal(seen.closed?.error, error);
  await assert.rejects(client.ping(), { code: "yamux-session-closed" });
  await assert.rejects(client.accept(), { code: "yamux-session-closed" });
  await server.closed;
});

test("a connection that is lost ends each stream after what had come", async () => {
  const peer = rawPeer();
  peer.send(type.data, flag.syn, 1, 5, text("bytes"));
  const paused = new Seen(await peer.session.accept());
  paused.stream.pause();
  const idle = new Seen(peer.session.open());
  idle.stream.pause();
  await peer.settle();
  peer.send(type.data, 0, 1, 5, text("after"));
  peer.stream.end();
  await peer.settle();
  assert.equal(idle.closed?.code, "yamux-connection-lost", "a loss is told also to a paused reader");
  assert.ok(paused.isOpen);
  paused.stream.resume();
  await peer.settle();
  assert.equal(paused.text, "bytesafter");
  assert.equal(paused.closed?.code, "yamux-connection-lost");
  assert.equal(((await peer.session.closed) as { code?: string }).code, "yamux-connection-lost");
});

test("a connection that ends with no stream in use ends the session in order", async () => {
  const peer = rawPeer();
  peer.session.open().destroy();
  peer.stream.end();
  assert.equal(await peer.session.closed, undefined);
});

test("a connection that breaks carries its cause", async () => {
  const peer = rawPeer();
  const seen = new Seen(peer.session.open());
  peer.stream.destroy(new Error("cable cut"));
  await peer.session.closed;
  assert.equal(seen.closed?.code, "yamux-connection-lost");
  assert.equal(
    seen.closed?.error?.message,
    "the connection to the peer was lost: connection reset by the peer",
  );
});

test("accept() that is aborted leaves the stream to the next one", async () => {
  const peer = rawPeer();
  const controller = new AbortController();
  const aborted = peer.session.accept(controller.signal);
  const waiting = peer.session.accept();
  controller.abort(new Error("not now"));
  await assert.rejects(aborted, { message: "not now" });
  await assert.rejects(peer.session.accept(AbortSignal.abort(new Error("never"))), { message: "never" });
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  assert.equal((await waiting).id, 1);
});

test("a session that is over keeps no timer", async () => {
  const peer = rawPeer();
  const seen = new Seen(peer.session.open());
  void peer.session.ping().catch(() => {});
  seen.stream.end();
  peer.session.destroy();
  await peer.session.closed;
  await peer.settle();
  assert.equal(peer.clock.pendingCount, 0);
});
