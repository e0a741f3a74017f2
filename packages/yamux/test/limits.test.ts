import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { Session, type SessionOptions } from "@drawbar/yamux";
import { encode, flag, type RawPeer, rawPeer, Seen, settle, text, type } from "./raw-peer.ts";

const codeOf = (error: Error | undefined): string | undefined =>
  (error as { code?: string } | undefined)?.code;

test("a data frame over the window is refused before a byte of it is read", async () => {
  const peer = rawPeer();
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  const seen = new Seen(await peer.session.accept());
  peer.send(type.data, 0, 1, 256 * 1024 + 1, text("the first bytes of it"));
  const error = await peer.session.closed;
  assert.equal(codeOf(error), "yamux-window-exceeded");
  assert.equal(error?.message, "the peer sent 262145 bytes on stream 1, whose window had room for 262144");
  assert.deepEqual([seen.text, seen.closed?.code], ["", "yamux-window-exceeded"]);
  assert.deepEqual(peer.take().at(-1), { type: type.goAway, flags: 0, id: 0, length: 1, payload: "" });
});

test("many small frames may not exceed the window either", async () => {
  const peer = rawPeer();
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  for (let i = 0; i < 4; i++) peer.send(type.data, 0, 1, 64 * 1024, new Uint8Array(64 * 1024));
  peer.send(type.data, 0, 1, 1, text("x"));
  assert.equal(codeOf(await peer.session.closed), "yamux-window-exceeded");
});

test("a data frame that no stream could have room for is refused, whatever stream it names", async () => {
  const peer = rawPeer();
  peer.send(type.data, 0, 99, 0xffff_ffff);
  const error = await peer.session.closed;
  assert.equal(codeOf(error), "yamux-window-exceeded");
  assert.equal(
    error?.message,
    "the peer sent 4294967295 bytes on stream 99, which does not exist; no window is over 262144",
  );
});

test("streams of the peer past the backlog are refused; once one is accepted there is room for another", async () => {
  const peer = rawPeer({ acceptBacklog: 2 });
  for (const id of [1, 3, 5]) peer.send(type.windowUpdate, flag.syn, id, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, id }) => [flags, id]),
    [[flag.rst, 5]],
  );
  await peer.session.accept();
  peer.send(type.windowUpdate, flag.syn, 7, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, id }) => [flags, id]),
    [[flag.ack, 1]],
  );
});

test("a stream that is reset while it waits to be accepted gives its place back", async () => {
  const peer = rawPeer({ acceptBacklog: 1 });
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  peer.send(type.windowUpdate, flag.rst, 1, 0);
  peer.send(type.windowUpdate, flag.syn, 3, 0);
  await peer.settle();
  assert.equal((await peer.session.accept()).id, 3);
});

test("streams of the peer past maxInboundStreams are refused", async () => {
  const peer = rawPeer({ maxInboundStreams: 2, onStream: (stream) => void new Seen(stream) });
  for (const id of [1, 3, 5]) peer.send(type.windowUpdate, flag.syn, id, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, id }) => [flags, id]),
    [
      [flag.ack, 1],
      [flag.ack, 3],
      [flag.rst, 5],
    ],
  );
  peer.send(type.windowUpdate, flag.rst, 1, 0);
  peer.send(type.windowUpdate, flag.syn, 7, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, id }) => [flags, id]),
    [[flag.ack, 7]],
  );
});

test("bytes held for readers that do not read are limited over all streams", async () => {
  const peer = rawPeer({ maxBufferedBytes: 300_000 });
  for (const id of [1, 3]) peer.send(type.data, flag.syn, id, 200_000, new Uint8Array(200_000));
  const first = new Seen(await peer.session.accept());
  await peer.settle();
  assert.equal(first.bytes, 200_000);
  assert.ok(first.isOpen);
  const resets = peer.take().filter(({ flags }) => flags === flag.rst);
  assert.deepEqual(
    resets.map(({ id }) => id),
    [3],
  );
});

const floods: readonly {
  name: string;
  send: (peer: RawPeer, i: number) => void;
  options?: Partial<SessionOptions>;
}[] = [
  { name: "pings", send: (peer) => peer.send(type.ping, flag.syn, 0, 1) },
  { name: "answers to no ping", send: (peer) => peer.send(type.ping, flag.ack, 0, 77) },
  { name: "go-aways", send: (peer) => peer.send(type.goAway, 0, 0, 0) },
  { name: "empty data frames", send: (peer) => peer.send(type.data, 0, 1, 0) },
  { name: "window updates of nothing", send: (peer) => peer.send(type.windowUpdate, 0, 1, 0) },
  { name: "window updates of a byte", send: (peer) => peer.send(type.windowUpdate, 0, 1, 1) },
  { name: "ACKs", send: (peer) => peer.send(type.windowUpdate, flag.ack, 1, 0) },
  { name: "frames for no stream", send: (peer) => peer.send(type.windowUpdate, flag.fin, 999, 0) },
  {
    name: "streams past the backlog",
    send: (peer, i) => peer.send(type.windowUpdate, flag.syn, 2 * i + 3, 0),
    options: { acceptBacklog: 1 },
  },
];

for (const { name, send, options } of floods) {
  test(`a flood of ${name} ends the session`, async () => {
    const peer = rawPeer({ floodBurstFrames: 100, floodFramesPerSecond: 10, ...options });
    peer.send(type.windowUpdate, flag.syn, 1, 0);
    for (let i = 0; i < 50; i++) send(peer, i);
    await peer.settle();
    assert.notEqual(peer.take().at(-1)?.type, type.goAway, "half of what is allowed");
    for (let i = 50; i < 200; i++) send(peer, i);
    const error = await peer.session.closed;
    assert.equal(codeOf(error), "yamux-flood");
    assert.match(error?.message ?? "", /more than 100 at once and 10 a second; see floodBurstFrames$/);
  });
}

test("a flood of streams that are opened and reset ends the session", async () => {
  const peer = rawPeer({
    floodBurstFrames: 100,
    floodFramesPerSecond: 10,
    onStream: (stream) => void new Seen(stream),
  });
  for (let id = 1; id < 2_000; id += 2) {
    peer.send(type.windowUpdate, flag.syn, id, 0);
    peer.send(type.data, flag.rst, id, 0);
  }
  assert.equal(codeOf(await peer.session.closed), "yamux-flood");
});

test("as many pings, but slower, do not", async () => {
  const peer = rawPeer({ floodBurstFrames: 100, floodFramesPerSecond: 10, keepAliveIntervalMs: 0 });
  for (let i = 0; i < 400; i++) {
    peer.send(type.ping, flag.syn, 0, i);
    await new Promise(setImmediate);
    peer.clock.advance(100);
  }
  await peer.settle();
  assert.equal(peer.take().length, 400);
});

test("resetting many streams here does not count against the peer, whose last frames are on their way", async () => {
  const peer = rawPeer({ role: "client", floodBurstFrames: 10, floodFramesPerSecond: 0 });
  for (let i = 0; i < 100; i++) {
    const stream = peer.session.open();
    stream.destroy(new Error("no"));
    peer.send(type.windowUpdate, flag.ack, stream.id, 0);
    peer.send(type.windowUpdate, flag.fin, stream.id, 0);
    await new Promise(setImmediate);
  }
  await peer.settle();
  assert.doesNotThrow(() => peer.session.open());
});

test("a peer that asks and reads nothing is given up before its answers pile up", async () => {
  const [stuck, connection] = memoryPair(1_000);
  stuck.pause();
  stuck.start({ onData() {}, onEnd() {}, onDrain() {}, onClose() {} });
  const session = new Session(connection, { role: "server", clock: new ManualClock(), maxQueuedAnswers: 50 });
  session.open().write(new Uint8Array(2_000));
  await settle();
  for (let i = 0; i < 60; i++) stuck.write(encode(type.ping, flag.syn, 0, i));
  const closed = session.closed;
  await settle();
  stuck.destroy();
  const error = await closed;
  assert.equal(codeOf(error), "yamux-flood");
  assert.equal(
    error?.message,
    "the peer has asked for more than 50 answers and reads none; see maxQueuedAnswers",
  );
});

test("a peer that reads nothing gets no room to send either", async () => {
  const [stuck, connection] = memoryPair(1_000);
  const received: number[] = [];
  stuck.pause();
  stuck.start({ onData: (piece) => received.push(piece.length), onEnd() {}, onDrain() {}, onClose() {} });
  const session = new Session(connection, {
    role: "server",
    clock: new ManualClock(),
    onStream: (stream) => void new Seen(stream),
  });
  session.open().write(new Uint8Array(2_000));
  await settle();
  for (let id = 1; id <= 9; id += 2)
    stuck.write(encode(type.data, flag.syn, id, 200_000, new Uint8Array(200_000)));
  await settle();
  stuck.resume();
  await settle();
  // SYN and data of ours, five ACKs, and only then the five window updates, in one write.
  assert.deepEqual(received, [12 + 12 + 2_000, 5 * 12, 5 * 12]);
});
