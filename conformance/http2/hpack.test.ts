import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareHeaders } from "@drawbar/http2";
import { HpackDecoder, HpackEncoder } from "@drawbar/http2/hpack";
import fc from "fast-check";
import { GoHpack } from "./go-hpack.ts";

const name = fc.constantFrom(
  ":path",
  ":authority",
  "x-a",
  "x-b",
  "grpc-timeout",
  "authorization",
  "te",
  "trace-bin",
);
// JSON on the way to Go: printable ASCII keeps octets and characters the same.
const value = fc.oneof(
  fc.constantFrom("", "0", "trailers", "application/grpc", "/grpc.health.v1.Health/Check"),
  fc.string({ unit: "grapheme-ascii", maxLength: 60 }),
);
const list = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 8 }).map((fields) => fields.flat());
const step = fc.record({ list, again: fc.boolean(), tableBytes: fc.option(fc.nat(4096), { freq: 6 }) });
const conversation =
  fc.sample(fc.array(step, { minLength: 400, maxLength: 400 }), { seed: 7541, numRuns: 1 })[0] ?? [];

test("Go decodes what we encode, over a long connection whose table changes", async () => {
  await using go = await GoHpack.start();
  const encoder = new HpackEncoder(4096);
  for (const { list, again, tableBytes } of conversation) {
    if (tableBytes !== null) {
      await go.setDecoderTable(tableBytes);
      encoder.setPeerLimit(tableBytes);
    }
    const times = again ? 3 : 1;
    for (let i = 0; i < times; i++) assert.deepEqual(await go.decode(encoder.encode(list)), list);
  }
});

test("Go decodes prepared lists, the first time and every time after", async () => {
  await using go = await GoHpack.start();
  const encoder = new HpackEncoder(4096);
  const prepared = conversation.slice(0, 40).map(({ list }) => prepareHeaders(list));
  for (let round = 0; round < 5; round++) {
    for (const headers of prepared) {
      assert.deepEqual(await go.decode(encoder.encode(headers)), headers.list);
    }
  }
});

test("we decode what Go encodes, over a long connection whose table changes", async () => {
  await using go = await GoHpack.start();
  const decoder = new HpackDecoder(4096, 1 << 20);
  for (const { list, again, tableBytes } of conversation) {
    if (tableBytes !== null) {
      decoder.setTableLimit(tableBytes);
      await go.setEncoderTable(tableBytes);
    }
    const times = again ? 3 : 1;
    for (let i = 0; i < times; i++) {
      const block = await go.encode(list, i === 2);
      assert.deepEqual(decoder.decode(block, 0, block.length).list, list);
    }
  }
});
