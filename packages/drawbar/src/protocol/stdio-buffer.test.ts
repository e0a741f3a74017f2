import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StdioBuffer, type StdioChunk } from "./stdio-buffer.ts";

async function drain(buffer: StdioBuffer): Promise<[number, string][]> {
  const chunks: [number, string][] = [];
  for await (const { channel, data } of buffer.read(new AbortController().signal)) {
    chunks.push([channel, Buffer.from(data).toString()]);
  }
  return chunks;
}

describe("a plugin's output on its way to the host", () => {
  it("keeps the order of both channels and joins what belongs together", async () => {
    const buffer = new StdioBuffer(() => {});
    for (const [channel, text] of [
      [1, "a"],
      [1, "b"],
      [2, "c"],
      [1, "d"],
    ] as const)
      buffer.push(channel, Buffer.from(text));
    buffer.end();
    assert.deepEqual(await drain(buffer), [
      [1, "ab"],
      [2, "c"],
      [1, "d"],
    ]);
  });

  it("reaches a consumer that waits for it", async () => {
    const buffer = new StdioBuffer(() => {});
    const chunks = buffer.read(new AbortController().signal);
    const next: Promise<IteratorResult<StdioChunk, void>> = chunks.next();
    buffer.push(1, Buffer.from("late"));
    const { value } = await next;
    assert.equal(Buffer.from((value as StdioChunk).data).toString(), "late");
  });

  it("is bounded: what is too much is dropped and told", async () => {
    const buffer = new StdioBuffer(() => {}, 8);
    assert.ok(buffer.push(1, Buffer.from("12345678")));
    assert.equal(buffer.push(1, Buffer.from("9")), false);
    buffer.end();
    const chunks = await drain(buffer);
    assert.deepEqual(chunks[0], [1, "12345678"]);
    assert.match(chunks[1]?.[1] ?? "", /1 bytes of output were dropped/);
  });

  it("asks a writer to wait before that, and tells when there is room again", async () => {
    let drains = 0;
    const buffer = new StdioBuffer(() => {
      drains++;
    });
    assert.equal(buffer.push(1, Buffer.alloc(70 * 1024)), false);
    assert.equal(drains, 0);
    buffer.end();
    await drain(buffer);
    assert.equal(drains, 1);
  });

  it("waits for the next consumer when one goes away", async () => {
    const buffer = new StdioBuffer(() => {});
    const first = new AbortController();
    const reading = buffer.read(first.signal).next();
    first.abort();
    assert.equal((await reading).done, true);
    buffer.push(2, Buffer.from("kept"));
    buffer.end();
    assert.deepEqual(await drain(buffer), [[2, "kept"]]);
  });
});
