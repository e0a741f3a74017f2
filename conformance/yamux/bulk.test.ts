import assert from "node:assert/strict";
import { test } from "node:test";
import type { YamuxStream } from "@drawbar/yamux";
import { goSession, pattern, type Role, readAll, request } from "./go-session.ts";

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
// What all that may add to what this process holds: buffers in flight, and what the collector
// has not looked at yet.
const growthLimitBytes = 200 * mebibyte;
// Roles differ in the numbers of their streams alone: for the second one less will do, if it is more than that limit.
const asServerBytes = process.env["DRAWBAR_LONG"] === "1" ? gibibyte : 300 * mebibyte;
const cases: readonly [Role, number][] = [
  ["client", gibibyte],
  ["server", asServerBytes],
];

for (const [role, totalBytes] of cases) {
  const title = `${totalBytes / mebibyte} MiB`;
  test(`as ${role}: one stream takes ${title} from us, and memory stays bounded`, async () => {
    await using go = await goSession(role);
    const before = process.memoryUsage().rss;
    const stream = go.session.open();
    let wake = (): void => {};
    const answer = readAll(stream, () => wake());
    stream.write(Buffer.from("sink\n"));
    const drained = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    const peakBytes = await writeAll(stream, totalBytes, drained);
    assert.match((await answer).toString(), new RegExp(`^${totalBytes} `));
    assert.ok(peakBytes - before < growthLimitBytes, `grew by ${(peakBytes - before) / mebibyte} MiB`);
  });

  test(`as ${role}: one stream brings us ${title}, and memory stays bounded`, async () => {
    await using go = await goSession(role);
    const before = process.memoryUsage().rss;
    const { bytes, peakBytes } = await count(go.session.open(), `source ${totalBytes}\n`);
    assert.equal(bytes, totalBytes);
    assert.ok(peakBytes - before < growthLimitBytes, `grew by ${(peakBytes - before) / mebibyte} MiB`);
  });
}

test("bytes arrive unchanged and in order, also past many windows", async () => {
  await using go = await goSession("client");
  const received = await request(go.session, `source ${8 * mebibyte}`);
  assert.ok(received.equals(pattern(8 * mebibyte)));
});

test("a reader of ours that stalls stops Go after one window, other streams go on, and all arrives after it", async () => {
  await using go = await goSession("client");
  const stream = go.session.open();
  let bytes = 0;
  const total = 4 * mebibyte;
  const over = new Promise<void>((resolve) => {
    stream.start({
      onData(piece) {
        if (bytes === 0) stream.pause();
        bytes += piece.length;
      },
      onEnd: resolve,
      onDrain() {},
      onClose() {},
    });
  });
  stream.write(Buffer.from(`source ${total}\n`));
  // By the time that megabytes went through another stream, a sender without limits had sent it all.
  await request(go.session, `source ${total}`);
  assert.ok(bytes <= 256 * 1024);
  stream.resume();
  stream.end();
  await over;
  assert.equal(bytes, total);
});

test("a reader of Go's that stalls makes write() return false, and other streams go on", async () => {
  await using go = await goSession("client");
  const stalled = go.session.open();
  stalled.start({ onData() {}, onEnd() {}, onDrain: () => assert.fail("there is no room"), onClose() {} });
  stalled.write(Buffer.from("stall\n"));
  let accepted = 0;
  while (stalled.write(Buffer.alloc(16 * 1024))) {
    accepted += 16 * 1024;
    await new Promise(setImmediate);
  }
  assert.ok(accepted <= 256 * 1024 + 128 * 1024, `${accepted} bytes taken`);
  assert.equal((await request(go.session, "echo", Buffer.from("on"))).toString(), "on");
});

/** Writes `total` bytes as a polite writer does; resolves with the largest memory on the way. */
async function writeAll(stream: YamuxStream, total: number, drained: () => Promise<void>): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, 7);
  let peakBytes = 0;
  for (let sent = 0; sent < total; sent += chunk.length) {
    if (!stream.write(chunk)) await drained();
    if (sent % (64 * mebibyte) === 0) peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  }
  stream.end();
  return peakBytes;
}

/** Sends `line`, counts what comes back to the end, and watches memory meanwhile. */
function count(stream: YamuxStream, line: string): Promise<{ bytes: number; peakBytes: number }> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let peakBytes = 0;
    let watched = 0;
    stream.start({
      onData(piece) {
        bytes += piece.length;
        if (bytes - watched < 64 * mebibyte) return;
        watched = bytes;
        peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
      },
      onEnd: () => resolve({ bytes, peakBytes }),
      onDrain() {},
      onClose: (error) => reject(error ?? new Error("closed before the end")),
    });
    stream.write(Buffer.from(line));
    stream.end();
  });
}
