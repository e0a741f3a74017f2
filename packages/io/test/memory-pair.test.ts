import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "@drawbar/io";
import { Recorder, settle, text } from "./recorder.ts";

test("what one end writes the other receives, in order, and never during the call", async () => {
  const [a, b] = memoryPair();
  const receiver = new Recorder(b);
  assert.equal(a.write(text("one ")), true);
  assert.equal(a.write(text("two")), true);
  assert.equal(receiver.received, "");
  await settle();
  assert.equal(receiver.received, "one two");
});

test("what was written before the other end started waits for it", async () => {
  const [a, b] = memoryPair();
  a.write(text("early"));
  a.end();
  await settle();
  const receiver = new Recorder(b);
  assert.deepEqual([receiver.received, receiver.events], ["", []]);
  await settle();
  assert.deepEqual([receiver.received, receiver.events], ["early", ["end"]]);
});

test("a second start is a defect and throws", () => {
  const [a] = memoryPair();
  const receiver = new Recorder(a);
  assert.throws(() => a.start(receiver), /already started/);
});

test("a write over the high-water mark asks for patience and drains once the peer has read", async () => {
  const [a, b] = memoryPair(4);
  const writer = new Recorder(a);
  const reader = new Recorder(b);
  b.pause();
  assert.equal(a.write(text("1234")), true);
  assert.equal(a.write(text("5")), false);
  await settle();
  assert.deepEqual([reader.received, writer.events], ["", []]);
  b.resume();
  await settle();
  assert.deepEqual([reader.received, writer.events], ["12345", ["drain"]]);
  assert.equal(a.write(text("6")), true);
});

test("a writer that starts after its writes were read still learns that it may go on", async () => {
  const [a, b] = memoryPair(1);
  const reader = new Recorder(b);
  assert.equal(a.write(text("12")), false);
  await settle();
  assert.equal(reader.received, "12");
  const writer = new Recorder(a);
  await settle();
  assert.deepEqual(writer.events, ["drain"]);
});

test("a receiver that pauses in the middle gets no more until it resumes", async () => {
  const [a, b] = memoryPair();
  const reader = new Recorder(b);
  const original = reader.onData.bind(reader);
  reader.onData = (chunk) => {
    original(chunk);
    b.pause();
  };
  a.write(text("1"));
  a.write(text("2"));
  a.end();
  await settle();
  assert.deepEqual([reader.received, reader.events], ["1", []]);
  b.resume();
  await settle();
  b.resume();
  await settle();
  assert.deepEqual([reader.received, reader.events], ["12", ["end"]]);
});

test("half-closing leaves the other direction open; both ends close in order after the second", async () => {
  const [a, b] = memoryPair();
  const left = new Recorder(a);
  const right = new Recorder(b);
  a.write(text("question"));
  a.end();
  await settle();
  assert.deepEqual([right.received, right.events, left.events], ["question", ["end"], []]);
  assert.equal(a.write(text("too late")), false);
  b.write(text("answer"));
  b.end();
  await settle();
  assert.equal(left.received, "answer");
  assert.deepEqual(
    [left.events, right.events],
    [
      ["end", "close"],
      ["end", "close"],
    ],
  );
  assert.deepEqual([left.closeError, right.closeError], [undefined, undefined]);
});

test("destroying with an error closes this end with it and resets the other, dropping what was queued", async () => {
  const [a, b] = memoryPair();
  const left = new Recorder(a);
  const right = new Recorder(b);
  const error = new Error("protocol violation");
  a.write(text("never read"));
  a.destroy(error);
  a.destroy(new Error("only the first counts"));
  await settle();
  assert.deepEqual([left.events, left.closeError], [["close"], error]);
  assert.deepEqual([right.events, right.received], [["close"], ""]);
  assert.match(String(right.closeError), /reset by the peer/);
  assert.equal(right.closeError?.cause, error);
  assert.equal(b.write(text("lost")), false);
});

test("destroying without an error lets the other end read what was written and then end", async () => {
  const [a, b] = memoryPair();
  const right = new Recorder(b);
  a.write(text("last words"));
  a.destroy();
  await settle();
  assert.deepEqual(
    [right.received, right.events, right.closeError],
    ["last words", ["end", "close"], undefined],
  );
});

test("an end destroyed before its start closes when it starts", async () => {
  const [a] = memoryPair();
  const error = new Error("not wanted");
  a.destroy(error);
  await settle();
  const left = new Recorder(a);
  assert.deepEqual(left.events, []);
  await settle();
  assert.deepEqual([left.events, left.closeError], [["close"], error]);
});
