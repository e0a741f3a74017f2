import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair, toWebStreams } from "@drawbar/io";

const decoder = new TextDecoder();

test("bytes, ends and order pass both ways", async () => {
  const [a, b] = memoryPair();
  const here = toWebStreams(a);
  const there = toWebStreams(b);
  const writer = here.writable.getWriter();
  const sent = [writer.write(Buffer.from("one")), writer.write(Buffer.from("two")), writer.close()];
  let text = "";
  for await (const chunk of there.readable) text += decoder.decode(chunk);
  assert.equal(text, "onetwo");
  await Promise.all(sent);
  await there.writable.getWriter().close();
  assert.deepEqual(await here.readable.getReader().read(), { done: true, value: undefined });
});

test("a reader that does not read holds up the writer, and lets it go on once it reads", async () => {
  const [a, b] = memoryPair(1_000);
  const writer = toWebStreams(a).writable.getWriter();
  const { readable } = toWebStreams(b);
  const total = 1024 * 1024;
  let accepted = 0;
  const writing = (async () => {
    for (; accepted < total; accepted += 16 * 1024) await writer.write(Buffer.alloc(16 * 1024));
    await writer.close();
  })();
  for (let i = 0; i < 100; i++) await new Promise(setImmediate);
  assert.ok(accepted < total / 4, `${accepted} bytes accepted`);
  let received = 0;
  for await (const chunk of readable) received += chunk.length;
  await writing;
  assert.equal(received, total);
});

test("a loss errors both directions, and wakes a writer that waits", async () => {
  const [a, b] = memoryPair(10);
  const { readable, writable } = toWebStreams(a);
  const writer = writable.getWriter();
  const stuck = writer.write(Buffer.alloc(100));
  b.destroy(new Error("gone"));
  await stuck;
  await assert.rejects(writer.write(Buffer.from("x")), { message: "connection reset by the peer" });
  await assert.rejects(readable.getReader().read(), { message: "connection reset by the peer" });
});

test("cancelling the readable leaves the writable to be used, and what comes is dropped", async () => {
  const [a, b] = memoryPair();
  const { readable, writable } = toWebStreams(a);
  const there = toWebStreams(b);
  await readable.cancel();
  const back = there.writable.getWriter();
  for (let i = 0; i < 10; i++) await back.write(Buffer.alloc(100_000));
  const writer = writable.getWriter();
  await writer.write(Buffer.from("still"));
  await writer.close();
  let text = "";
  for await (const chunk of there.readable) text += decoder.decode(chunk);
  assert.equal(text, "still");
});

test("aborting the writable destroys the stream", async () => {
  const [a, b] = memoryPair();
  const { writable } = toWebStreams(a);
  const there = toWebStreams(b);
  await writable.abort("no more");
  await assert.rejects(there.readable.getReader().read(), { message: "connection reset by the peer" });
});
