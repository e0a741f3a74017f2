import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { toDuplex } from "@drawbar/io/node";
import { Recorder, settle, text } from "./recorder.ts";

test("a Duplex reads what the peer wrote and ends where it ended", async () => {
  const [a, b] = memoryPair();
  const duplex = toDuplex(a);
  b.write(text("hello "));
  b.write(text("world"));
  b.end();
  const chunks: Buffer[] = [];
  for await (const chunk of duplex) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), "hello world");
});

test("ending a Duplex half-closes: the answer is still read, and close follows", async () => {
  const [a, b] = memoryPair();
  const duplex = toDuplex(a);
  const peer = new Recorder(b);
  duplex.end("question");
  await peer.until(() => peer.events.includes("end"));
  assert.equal(peer.received, "question");
  const closed = once(duplex, "close");
  b.write(text("answer"));
  b.end();
  assert.equal((await duplex.setEncoding("utf8").toArray()).join(""), "answer");
  await closed;
  assert.deepEqual([peer.events, peer.closeError], [["end", "close"], undefined]);
});

test("a slow reader of a Duplex holds the peer's writes back", async () => {
  const [a, b] = memoryPair(1024);
  const duplex = toDuplex(a);
  const writer = new Recorder(b);
  const chunk = new Uint8Array(1024).fill(0x61);
  let sent = 0;
  for (let turn = 0; turn < 200; turn++) {
    if (b.write(chunk)) sent++;
    else break;
    await nextTurn();
  }
  assert.equal(sent < 200, true, "the peer was never asked to wait");
  const total = (sent + 1) * chunk.length;
  let read = 0;
  duplex.on("data", (piece: Buffer) => {
    read += piece.length;
  });
  await writer.until(() => writer.events.includes("drain"));
  await settle();
  assert.equal(read, total);
});

test("a stalled peer holds back what is written to a Duplex", async () => {
  const [a, b] = memoryPair(4);
  const duplex = toDuplex(a);
  const peer = new Recorder(b);
  b.pause();
  const done: string[] = [];
  duplex.write("12345", () => done.push("first"));
  duplex.write("6", () => done.push("second"));
  await settle();
  assert.deepEqual(done, []);
  b.resume();
  await settle();
  assert.deepEqual([peer.received, done], ["123456", ["first", "second"]]);
});

test("a reset of the stream is the Duplex's error", async () => {
  const [a, b] = memoryPair();
  const duplex = toDuplex(a);
  b.destroy(new Error("why"));
  const [error] = await once(duplex, "error");
  assert.match(String(error), /reset by the peer/);
  assert.equal(duplex.destroyed, true);
});

test("destroying a Duplex destroys the stream with its error", async () => {
  const [a, b] = memoryPair();
  const duplex = toDuplex(a);
  const peer = new Recorder(b);
  const error = new Error("enough");
  duplex.destroy(error);
  assert.deepEqual(await once(duplex, "error"), [error]);
  await peer.closed();
  assert.equal(peer.closeError?.cause, error);
});

test("a write that the stream never passed on fails when the stream closes", async () => {
  const [a, b] = memoryPair(1);
  const duplex = toDuplex(a);
  const errored = once(duplex, "error");
  const failed = new Promise((resolve) => duplex.write("123", resolve));
  await settle();
  new Recorder(b);
  b.pause();
  b.destroy();
  assert.match(String(await failed), /closed before all was written/);
  assert.deepEqual(await errored, [await failed]);
});

test("a write after the stream has closed fails instead of waiting for ever", async () => {
  const [a, b] = memoryPair();
  const duplex = toDuplex(a);
  b.destroy();
  await settle();
  const failed = new Promise((resolve) => duplex.write("anybody?", resolve));
  const [error] = await once(duplex, "error");
  assert.equal(error.code, "ERR_STREAM_WRITE_AFTER_END");
  assert.equal(await failed, error);
});

test("a Duplex that has ended both ways does not drop what the stream still queues", async () => {
  const calls: string[] = [];
  const [a] = memoryPair();
  const stream: ByteStream = {
    start: (receiver) => a.start(receiver),
    write: () => true,
    end: () => calls.push("end"),
    destroy: () => calls.push("destroy"),
    pause: () => a.pause(),
    resume: () => a.resume(),
  };
  let receiverOfStream: Parameters<ByteStream["start"]>[0] | undefined;
  stream.start = (receiver) => {
    receiverOfStream = receiver;
  };
  const duplex = toDuplex(stream);
  const closed = once(duplex, "close");
  await settle();
  duplex.resume();
  duplex.end("last words");
  receiverOfStream?.onEnd();
  await settle();
  assert.deepEqual(calls, ["end"]);
  receiverOfStream?.onClose(undefined);
  await closed;
  assert.deepEqual(calls, ["end"]);
});
