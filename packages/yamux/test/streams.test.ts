import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "@drawbar/io";
import { Session } from "@drawbar/yamux";
import { flag, rawPeer, Seen, sessionPair, settle, text, type } from "./raw-peer.ts";

test("a client's streams have odd ids from 1, a server's even ones from 2", () => {
  const { client, server } = sessionPair();
  assert.deepEqual([client.open().id, client.open().id], [1, 3]);
  assert.deepEqual([server.open().id, server.open().id], [2, 4]);
});

test("opening, writing and ending in one turn leave as one write", async () => {
  const [a, b] = memoryPair();
  const session = new Session(a, { role: "client" });
  const pieces: number[] = [];
  b.start({ onData: (piece) => pieces.push(piece.length), onEnd() {}, onDrain() {}, onClose() {} });
  const stream = session.open();
  stream.write(text("hello"));
  stream.write(text("world"));
  stream.end();
  await settle();
  assert.deepEqual(pieces, [12 + 17 + 17 + 12]);
});

test("a stream is announced with a window update that carries SYN, and answered with one that carries ACK", async () => {
  const peer = rawPeer({ role: "client" });
  const stream = new Seen(peer.session.open());
  await peer.settle();
  assert.deepEqual(peer.take(), [
    { type: type.windowUpdate, flags: flag.syn, id: 1, length: 0, payload: "" },
  ]);
  peer.send(type.windowUpdate, flag.syn, 2, 0);
  await peer.settle();
  assert.deepEqual(peer.take(), [], "it is answered once it is accepted");
  const accepted = await peer.session.accept();
  await peer.settle();
  assert.equal(accepted.id, 2);
  assert.deepEqual(peer.take(), [
    { type: type.windowUpdate, flags: flag.ack, id: 2, length: 0, payload: "" },
  ]);
  assert.ok(stream.isOpen);
});

test("a larger window is announced with SYN and with ACK", async () => {
  const peer = rawPeer({ role: "client", maxStreamWindowBytes: 300_000, onStream() {} });
  peer.session.open();
  peer.send(type.windowUpdate, flag.syn, 2, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, length }) => [flags, length]),
    [
      [flag.syn, 300_000 - 262_144],
      [flag.ack, 300_000 - 262_144],
    ],
  );
});

test("streams of both sides carry bytes, ends and closes both ways", async () => {
  const { client, server } = sessionPair();
  const here = new Seen(client.open());
  here.stream.write(text("question"));
  here.stream.end();
  const there = new Seen(await server.accept());
  await settle();
  assert.deepEqual([there.text, there.ended, there.closed], ["question", true, undefined]);
  there.stream.write(text("answer"));
  there.stream.end();
  await settle();
  assert.deepEqual([here.text, here.ended, here.closed?.error], ["answer", true, undefined]);
  assert.notEqual(here.closed, undefined);
  assert.notEqual(there.closed, undefined);
  assert.deepEqual([client.streamCount, server.streamCount], [0, 0]);
});

test("a stream with SYN, data and FIN in one frame is a whole message", async () => {
  const peer = rawPeer();
  peer.send(type.data, flag.syn | flag.fin, 1, 2, text("hi"));
  const seen = new Seen(await peer.session.accept());
  await peer.settle();
  assert.deepEqual([seen.text, seen.ended], ["hi", true]);
  seen.stream.end();
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags }) => flags),
    [flag.ack, flag.fin],
  );
  assert.deepEqual(seen.closed, { error: undefined, code: undefined });
});

test("nothing is delivered before start, and never during it", async () => {
  const peer = rawPeer();
  peer.send(type.data, flag.syn, 1, 3, text("one"));
  const stream = await peer.session.accept();
  peer.send(type.data, 0, 1, 3, text("two"));
  await peer.settle();
  const seen = new Seen(stream);
  assert.equal(seen.text, "");
  await peer.settle();
  assert.equal(seen.text, "onetwo");
  assert.throws(() => new Seen(stream), { message: "ByteStream.start: already started" });
});

test("half of the window read gives the peer as much room again, less gives nothing", async () => {
  const peer = rawPeer({ onStream: (stream) => void new Seen(stream) });
  const half = 128 * 1024;
  peer.send(type.data, flag.syn, 1, half - 1, new Uint8Array(half - 1));
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags }) => flags),
    [flag.ack],
  );
  peer.send(type.data, 0, 1, 1, text("x"));
  await peer.settle();
  assert.deepEqual(peer.take(), [{ type: type.windowUpdate, flags: 0, id: 1, length: half, payload: "" }]);
});

test("a paused reader gives no room; once it resumes all comes in order, then room, then the end", async () => {
  const peer = rawPeer();
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  const seen = new Seen(await peer.session.accept());
  seen.stream.pause();
  const whole = 256 * 1024;
  peer.send(type.data, 0, 1, whole, new Uint8Array(whole).fill(0x61));
  await peer.settle();
  peer.take();
  assert.equal(seen.bytes, 0);
  seen.stream.resume();
  await peer.settle();
  assert.equal(seen.bytes, whole);
  assert.deepEqual(
    peer.take().map(({ flags, length }) => [flags, length]),
    [[0, whole]],
  );
});

test("a reader that pauses in the middle of what is held gets the rest after it resumes", async () => {
  const peer = rawPeer();
  peer.send(type.windowUpdate, flag.syn, 1, 0);
  const seen: Seen = new Seen(await peer.session.accept(), () => seen.stream.pause());
  seen.stream.pause();
  for (let i = 0; i < 10; i++) peer.send(type.data, 0, 1, 1_000, new Uint8Array(1_000));
  peer.send(type.windowUpdate, flag.fin, 1, 0);
  await peer.settle();
  for (let bytes = -1; bytes !== seen.bytes; ) {
    bytes = seen.bytes;
    seen.stream.resume();
    await peer.settle();
  }
  assert.deepEqual([seen.bytes, seen.ended], [10_000, true]);
});

test("no more is sent than the peer's window has room for, and the rest when it gives some", async () => {
  const peer = rawPeer({ role: "client" });
  const seen = new Seen(peer.session.open());
  assert.equal(seen.stream.write(new Uint8Array(64 * 1024)), true);
  assert.equal(seen.stream.write(new Uint8Array(256 * 1024 + 10)), false);
  seen.stream.end();
  await peer.settle();
  const sent = (): number => peer.take().reduce((sum, frame) => sum + frame.payload.length, 0);
  assert.equal(sent(), 256 * 1024);
  assert.equal(seen.drains, 0);
  peer.send(type.windowUpdate, flag.ack, 1, 9);
  await peer.settle();
  assert.equal(sent(), 9);
  peer.send(type.windowUpdate, 0, 1, 100_000);
  await peer.settle();
  const rest = peer.take();
  assert.equal(
    rest.reduce((sum, frame) => sum + frame.payload.length, 0),
    64 * 1024 + 1,
  );
  assert.equal(rest.at(-1)?.flags, flag.fin, "the end comes after all that was written");
  assert.equal(seen.drains, 1);
});

test("streams that have much to send take turns", async () => {
  const [a, b] = memoryPair();
  const session = new Session(a, { role: "client" });
  const order: number[] = [];
  const other = new Session(b, {
    role: "server",
    onStream: (stream) => void new Seen(stream, () => order.push(stream.id)),
  });
  const streams = [session.open(), session.open(), session.open()];
  await settle();
  for (const stream of streams) stream.write(new Uint8Array(256 * 1024));
  await settle();
  // The first one had the connection to itself for as long as nothing was queued.
  const contended = order.slice(order.indexOf(5) - 1);
  const firstSix = contended.filter((id, i) => id !== contended[i - 1]).slice(0, 6);
  assert.deepEqual(new Set(firstSix.slice(0, 3)), new Set([1, 3, 5]));
  assert.deepEqual(firstSix.slice(3), firstSix.slice(0, 3));
  assert.equal(other.streamCount, 3);
});

test("what is written before the SYN may go waits for it", async () => {
  const peer = rawPeer({ role: "client", acceptBacklog: 1 });
  const first = peer.session.open();
  const second = new Seen(peer.session.open());
  second.stream.write(text("later"));
  second.stream.end();
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ id }) => id),
    [1],
  );
  peer.send(type.windowUpdate, flag.ack, first.id, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ id, flags, payload }) => [id, flags, payload]),
    [
      [3, flag.syn, ""],
      [3, 0, "later"],
      [3, flag.fin, ""],
    ],
  );
});

test("a stream that waits for its turn to be opened may be destroyed: the peer never hears of it", async () => {
  const peer = rawPeer({ role: "client", acceptBacklog: 1 });
  peer.session.open();
  const second = new Seen(peer.session.open());
  second.stream.destroy();
  peer.send(type.windowUpdate, flag.ack, 1, 0);
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ id }) => id),
    [1],
  );
  assert.deepEqual(second.closed, { error: undefined, code: undefined });
});

test("data counts as the answer to a SYN: upstream never sends the ACK of a stream that was ended early", async () => {
  const peer = rawPeer({ role: "client", acceptBacklog: 1 });
  const first = peer.session.open();
  first.end();
  peer.session.open();
  peer.send(type.data, 0, first.id, 1, text("x"));
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ id, flags }) => [id, flags]),
    [
      [1, flag.syn],
      [1, flag.fin],
      [3, flag.syn],
    ],
  );
});

test("destroy() with nothing dropped ends the stream in order, and what still comes is ignored", async () => {
  const peer = rawPeer({ role: "client" });
  const seen = new Seen(peer.session.open());
  seen.stream.write(text("last words"));
  seen.stream.destroy();
  assert.ok(seen.isOpen, "never during the call");
  peer.send(type.data, flag.ack, 1, 4, text("late"));
  await peer.settle();
  assert.deepEqual(
    peer.take().map(({ flags, payload }) => [flags, payload]),
    [
      [flag.syn, ""],
      [0, "last words"],
      [flag.fin, ""],
    ],
  );
  assert.deepEqual([seen.text, seen.closed], ["", { error: undefined, code: undefined }]);
  assert.equal(peer.session.streamCount, 1);
  peer.send(type.windowUpdate, flag.fin, 1, 0);
  await peer.settle();
  assert.equal(peer.session.streamCount, 0);
});

test("a peer that goes on sending to a destroyed stream is reset when its window is used up", async () => {
  const peer = rawPeer({ role: "client" });
  peer.session.open().destroy();
  const whole = 256 * 1024;
  peer.send(type.data, flag.ack, 1, whole, new Uint8Array(whole));
  await peer.settle();
  assert.equal(peer.take().at(-1)?.flags, flag.rst);
  assert.equal(peer.session.streamCount, 0);
});

test("destroy(error) resets the stream, and the error is told", async () => {
  const peer = rawPeer({ role: "client" });
  const seen = new Seen(peer.session.open());
  const error = new Error("changed my mind");
  seen.stream.destroy(error);
  seen.stream.destroy(new Error("again"));
  await peer.settle();
  assert.equal(peer.take().at(-1)?.flags, flag.rst);
  assert.equal(seen.closed?.error, error);
  assert.equal(seen.stream.write(text("x")), false);
});

test("destroy() that drops unsent or unread bytes is a reset: nobody takes a part for the whole", async () => {
  const peer = rawPeer({ role: "client" });
  const unsent = peer.session.open();
  unsent.write(new Uint8Array(300_000));
  unsent.destroy();
  const unread = peer.session.open();
  peer.send(type.data, flag.ack, unread.id, 1, text("x"));
  await peer.settle();
  unread.destroy();
  await peer.settle();
  const resets = peer.take().filter(({ flags }) => flags === flag.rst);
  assert.deepEqual(
    resets.map(({ id }) => id),
    [unsent.id, unread.id],
  );
});

test("a stream that is destroyed before it is started still tells its end", async () => {
  const peer = rawPeer({ role: "client" });
  const stream = peer.session.open();
  stream.destroy(new Error("early"));
  await peer.settle();
  const seen = new Seen(stream);
  assert.ok(seen.isOpen);
  await peer.settle();
  assert.equal(seen.closed?.error?.message, "early");
});

test("the peer's reset drops what is held and ends the stream with an error", async () => {
  const peer = rawPeer();
  peer.send(type.data, flag.syn, 1, 1, text("x"));
  const stream = await peer.session.accept();
  peer.send(type.windowUpdate, flag.rst, 1, 0);
  await peer.settle();
  const seen = new Seen(stream);
  await peer.settle();
  assert.deepEqual([seen.text, seen.ended, seen.closed?.code], ["", false, "yamux-stream-reset"]);
  assert.equal(seen.closed?.error?.message, "the peer reset stream 1, or refused it");
});

test("data after the peer's end is dropped", async () => {
  const peer = rawPeer();
  peer.send(type.data, flag.syn | flag.fin, 1, 1, text("x"));
  const seen = new Seen(await peer.session.accept());
  peer.send(type.data, 0, 1, 1, text("y"));
  await peer.settle();
  assert.deepEqual([seen.text, seen.closed], ["x", undefined]);
});

test("a receiver may destroy its stream, or the session, in the middle of a chunk of frames", async () => {
  for (const what of ["stream", "session"] as const) {
    const peer = rawPeer({
      onStream(stream) {
        const seen = new Seen(stream, () => {
          if (what === "stream") seen.stream.destroy(new Error("stop"));
          else peer.session.destroy(new Error("stop"));
        });
      },
    });
    const frame = Buffer.concat([
      Buffer.from([0, 0, 0, flag.syn, 0, 0, 0, 1, 0, 0, 0, 1, 0x61]),
      Buffer.from([0, 0, 0, flag.fin, 0, 0, 0, 1, 0, 0, 0, 1, 0x62]),
      Buffer.from([0, 0, 0, flag.syn, 0, 0, 0, 3, 0, 0, 0, 1, 0x63]),
    ]);
    peer.stream.write(frame);
    await peer.settle();
    assert.equal(peer.session.streamCount, 0);
  }
});
