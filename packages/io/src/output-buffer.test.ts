import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteStream } from "./byte-stream.ts";
import { OutputBuffer } from "./output-buffer.ts";

// A stream that notes what is written to it.
class Sink implements ByteStream {
  readonly writes: Uint8Array[] = [];
  accepts = true;
  unwrittenBytes: number | undefined;
  write(chunk: Uint8Array): boolean {
    this.writes.push(chunk);
    return this.accepts;
  }
  start(): void {}
  end(): void {}
  destroy(): void {}
  pause(): void {}
  resume(): void {}
}

const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function put(output: OutputBuffer, ...values: number[]): void {
  const offset = output.reserve(values.length);
  output.bytes.set(values, offset);
}

test("everything written in one turn leaves as one write at its end", async () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  put(output, 1, 2);
  await Promise.resolve();
  put(output, 3);
  output.append(Uint8Array.of(4));
  assert.equal(output.pendingBytes, 4);
  assert.deepEqual(sink.writes, []);
  await turnEnd();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [[1, 2, 3, 4]],
  );
  assert.equal(output.pendingBytes, 0);
});

test("one turn's writes leave as one even where they outgrow the first slab, which is smaller", async () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  put(output, 9);
  output.flush();
  const bytes = Uint8Array.from({ length: 15_000 }, (_, index) => index);
  output.append(bytes.subarray(0, 4_000));
  const first = output.bytes.length;
  for (let at = 4_000; at < bytes.length; at += 1_000) output.append(bytes.subarray(at, at + 1_000));
  assert.ok(first < output.bytes.length);
  await turnEnd();
  assert.deepEqual(sink.writes, [Uint8Array.of(9), bytes]);
});

test("what was flushed is not touched by what is written later", async () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  put(output, 1, 2);
  output.flush();
  put(output, 3, 4);
  await turnEnd();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test("a full slab is passed on and a new one begun", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink, 4);
  put(output, 1, 2, 3);
  put(output, 4, 5);
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [[1, 2, 3]],
  );
  output.flush();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [
      [1, 2, 3],
      [4, 5],
    ],
  );
});

test("a reservation larger than the slab gets one of its own size", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink, 4);
  put(output, 1, 2, 3, 4, 5, 6);
  output.flush();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [[1, 2, 3, 4, 5, 6]],
  );
});

test("a large chunk is passed on by itself, in order, without a copy", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink, 16);
  const large = new Uint8Array(4).fill(7);
  put(output, 1);
  output.append(large);
  put(output, 2);
  output.flush();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [[1], [7, 7, 7, 7], [2]],
  );
  assert.equal(sink.writes[1], large);
});

test("what is given back of a reservation is not written", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  const offset = output.reserve(10);
  output.bytes.set([1, 2], offset);
  output.unreserve(8);
  output.flush();
  assert.deepEqual(
    sink.writes.map((chunk) => [...chunk]),
    [[1, 2]],
  );
});

test("is blocked from the write that the stream refuses until it drains", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  assert.equal(output.blocked, false);
  sink.accepts = false;
  put(output, 1);
  output.flush();
  assert.equal(output.blocked, true);
  output.drained();
  assert.equal(output.blocked, false);
});

test("flushing nothing writes nothing", async () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink);
  output.flush();
  output.reserve(3);
  output.unreserve(3);
  await turnEnd();
  assert.deepEqual(sink.writes, []);
});

test("a slab is filled anew once the stream has written all of it, and not before", () => {
  const sink = new Sink();
  sink.unwrittenBytes = 0;
  const output = new OutputBuffer(sink, 4);
  put(output, 1, 2, 3, 4);
  const first = output.bytes;
  sink.unwrittenBytes = 4;
  put(output, 5, 6, 7, 8);
  const second = output.bytes;
  put(output, 9);
  assert.notEqual(output.bytes, first);
  assert.deepEqual([...(sink.writes[0] ?? [])], [1, 2, 3, 4]);
  sink.unwrittenBytes = 0;
  output.drained();
  put(output, 10, 11, 12, 13);
  assert.ok(output.bytes === first || output.bytes === second);
});

test("a stream that does not tell when its chunks are free keeps them", () => {
  const sink = new Sink();
  const output = new OutputBuffer(sink, 4);
  for (let i = 0; i < 10; i++) put(output, i, i, i, i);
  output.flush();
  assert.deepEqual(
    sink.writes.map((chunk) => chunk[0]),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(new Set(sink.writes.map((chunk) => chunk.buffer)).size, 10);
});
