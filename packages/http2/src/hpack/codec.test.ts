import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { appendHeaders, type HeaderList, PreparedList, prepareHeaders } from "../header-list.ts";
import type { DecodedBlock } from "./decoded-block.ts";
import { HpackDecoder } from "./decoder.ts";
import { HpackEncoder } from "./encoder.ts";
import { HpackError } from "./hpack-error.ts";

function prepare(list: HeaderList, sensitive: readonly string[] = []): PreparedList {
  const prepared = prepareHeaders(list, { sensitive });
  assert.ok(prepared instanceof PreparedList);
  return prepared;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function decodeHex(decoder: HpackDecoder, block: string): DecodedBlock {
  const bytes = Buffer.from(block, "hex");
  return decoder.decode(bytes, 0, bytes.length);
}

const call = [":method", "POST", ":path", "/svc/Method", "content-type", "application/grpc"];
const name = fc.constantFrom("x-a", "x-b", "grpc-timeout", "authorization", ":path", "te", "user-agent");
const value = fc.oneof(
  fc.constantFrom("", "1", "trailers", "application/grpc"),
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  }),
);
const list = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((fields) => fields.flat());

test("every sequence of lists and table sizes, prepared or not, decodes to what was encoded", () => {
  const step = fc.record({ list, prepared: fc.boolean(), tableBytes: fc.option(fc.nat(5000)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const encoder = new HpackEncoder(4096);
      const decoder = new HpackDecoder(4096, 1 << 20);
      for (const { list, prepared, tableBytes } of steps) {
        if (tableBytes !== null) encoder.setPeerLimit(tableBytes);
        const sendable = prepared ? new PreparedList(list, new Set(), undefined) : list;
        // Twice, since the second time goes other ways.
        for (let i = 0; i < 2; i++) {
          const block = encoder.encode(sendable);
          assert.deepEqual(decoder.decode(block, 0, block.length).list, list);
        }
      }
    }),
  );
});

test("a field larger than a table that has shrunk leaves what the table holds as it is", () => {
  const encoder = new HpackEncoder(4096);
  const decoder = new HpackDecoder(4096, 1 << 20);
  const roundTrip = (list: HeaderList): void => {
    const block = encoder.encode(list);
    assert.deepEqual(decoder.decode(block, 0, block.length).list, list);
  };
  for (let i = 0; i < 2; i++) roundTrip(["x-b", ""]);
  encoder.setPeerLimit(35);
  for (let i = 0; i < 2; i++) roundTrip(["x-a", "trailers"]);
  roundTrip(["x-b", ""]);
});

test("a prepared list is encoded in indexes from the second time on, and with the same bytes", () => {
  const encoder = new HpackEncoder(4096);
  const prepared = prepare(call);
  encoder.encode(prepared);
  const second = hex(encoder.encode(prepared));
  assert.equal(second, "83bfbe");
  assert.equal(hex(encoder.encode(prepared)), second);
});

test("fields of one call follow a prepared list without disturbing its encoded form", () => {
  const encoder = new HpackEncoder(4096);
  const prepared = prepare(call);
  const withDeadline = appendHeaders(prepared, ["grpc-timeout", "1S"]);
  assert.deepEqual(withDeadline.list, [...call, "grpc-timeout", "1S"]);
  assert.ok(withDeadline instanceof PreparedList);
  encoder.encode(prepared);
  const plain = hex(encoder.encode(prepared));
  assert.ok(hex(encoder.encode(withDeadline)).startsWith(plain));
  assert.equal(hex(encoder.encode(prepared)), plain);
});

test("secrets are sent as never indexed, and are in no table", () => {
  const encoder = new HpackEncoder(4096);
  const prepared = prepare(["authorization", "Bearer x", "x-key", "k"], ["x-key"]);
  const first = hex(encoder.encode(prepared));
  assert.match(first, /^1f08/);
  assert.equal(hex(encoder.encode(prepared)), first);
  assert.equal(hex(encoder.encode(["authorization", "Bearer x"])).slice(0, 4), "1f08");
});

test("a value that comes once is not put into the table, one that repeats is", () => {
  const encoder = new HpackEncoder(4096);
  const first = encoder.encode(["x-request", "1"]).length;
  encoder.encode(["x-request", "1"]);
  assert.ok(first > 1);
  assert.equal(hex(encoder.encode(["x-request", "1"])), "be");
  for (let i = 0; i < 50; i++) encoder.encode(["x-request", `unique ${i}`]);
  assert.equal(hex(encoder.encode(["x-request", "1"])), "be");
});

test("more prepared lists than the table holds do not push each other out on every call", () => {
  const encoder = new HpackEncoder(4096);
  const methods = Array.from({ length: 100 }, (_, i) => prepare([":path", `/package.Service/Method${i}`]));
  const bytesOfARound = (): number => methods.reduce((sum, method) => sum + encoder.encode(method).length, 0);
  for (let i = 0; i < 3; i++) bytesOfARound();
  const indexed = methods.filter((method) => encoder.encode(method).length === 1);
  assert.ok(indexed.length > 40, `${indexed.length} of 100 are sent as an index`);
});

test("a smaller table of the peer is signalled once, then a larger one, lowest first", () => {
  const encoder = new HpackEncoder(4096);
  encoder.setPeerLimit(0);
  encoder.setPeerLimit(100);
  assert.match(hex(encoder.encode([":method", "GET"])), /^203f4582$/);
  assert.equal(hex(encoder.encode([":method", "GET"])), "82");
});

test("a repeated block gives the same frozen object, until the table has changed", () => {
  const decoder = new HpackDecoder(4096, 65_536);
  decodeHex(decoder, "828684410f7777772e6578616d706c652e636f6d");
  const first = decodeHex(decoder, "828684be").list;
  assert.ok(Object.isFrozen(first));
  assert.equal(decodeHex(decoder, "828684be").list, first);
  decodeHex(decoder, "400161016b");
  assert.deepEqual(decodeHex(decoder, "828684be").list.slice(-2), ["a", "k"]);
});

test("a block without reference to the dynamic table is the same object whatever happens to the table", () => {
  const decoder = new HpackDecoder(4096, 65_536);
  const first = decodeHex(decoder, "828684").list;
  decodeHex(decoder, "400161016b");
  assert.equal(decodeHex(decoder, "828684").list, first);
});

test("a list beyond the limit is cut off, and the table stays right", () => {
  const decoder = new HpackDecoder(4096, 100);
  const block = decodeHex(decoder, `400161${"0a"}${"62".repeat(10)}bebebebe`);
  assert.equal(block.overLimit, true);
  assert.equal(block.list.length, 4);
  assert.deepEqual(decodeHex(decoder, "be").list, ["a", "b".repeat(10)]);
});

test("after a smaller table was acknowledged, a block that does not begin by signalling it is refused", () => {
  const decoder = new HpackDecoder(100, 65_536);
  decodeHex(decoder, "82");
  decoder.setTableLimit(100);
  assert.throws(() => decodeHex(decoder, "82"), /no table size update/);
  const obedient = new HpackDecoder(100, 65_536);
  obedient.setTableLimit(100);
  assert.deepEqual(decodeHex(obedient, "3f4582").list, [":method", "GET"]);
});

const refused: readonly [what: string, block: string][] = [
  ["index 0", "80"],
  ["an index beyond the dynamic table", "be"],
  ["a string longer than its block", "00056162"],
  ["a size update after a field", "8220"],
  ["a size update above the limit", "3fe21f"],
];
for (const [what, block] of refused) {
  test(`${what} is refused`, () => {
    assert.throws(() => decodeHex(new HpackDecoder(4096, 65_536), block), HpackError);
  });
}

test("random bytes decode or are refused with HpackError", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
      const decoder = new HpackDecoder(4096, 1000);
      try {
        for (const block of blocks) decoder.decode(block, 0, block.length);
      } catch (error) {
        assert.ok(error instanceof HpackError);
      }
    }),
    { numRuns: 2000 },
  );
});
