import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import * as types from "./go-types.ts";
import { hex } from "./go-types.ts";

function bytesOf(encode: (encoder: gob.Encoder) => void): string {
  const encoder = new gob.Encoder();
  encode(encoder);
  return Buffer.from(encoder.take()).toString("hex");
}

test("a type is defined once per stream, ahead of the first value that needs it", () => {
  const encoder = new gob.Encoder();
  encoder.encode(types.Point, { X: 22, Y: 33 });
  const first = encoder.take();
  encoder.encode(types.Point, { X: 22, Y: 33 });
  assert.equal(Buffer.from(encoder.take()).toString("hex"), "07ff80012c014200");
  assert.ok(first.length > 30);
});

test("fields that are left out or zero are not sent; nested structs and arrays are", () => {
  const encoder = new gob.Encoder();
  encoder.encode(types.Composites, {});
  encoder.take();
  encoder.encode(types.Composites, { Slice: [], Pointer: null, Empty: undefined });
  // Field 1 (the array of three empty strings) and field 4 (the nested struct), nothing else.
  assert.equal(Buffer.from(encoder.take()).toString("hex"), "0aff800203000000030000");
});

test("an empty map is sent and an absent one is not, as Go's empty and nil maps", () => {
  const M = gob.struct("M", { M: gob.map(gob.string, gob.int) });
  const encoder = new gob.Encoder();
  encoder.encode(M, {});
  encoder.take();
  encoder.encode(M, { M: new Map() });
  assert.equal(Buffer.from(encoder.take()).toString("hex"), "05ff80010000");
  encoder.encode(M, {});
  assert.equal(Buffer.from(encoder.take()).toString("hex"), "03ff8000");
});

test("minus zero is a zero in a field and itself in a slice", () => {
  const F = gob.struct("F", { F: gob.float64, L: gob.slice(gob.float64) });
  const back = gob.decode(F, gob.encode(F, { F: -0, L: [-0] }));
  assert.ok(Object.is(back.F, 0));
  assert.ok(Object.is(back.L[0], -0));
});

test("two schemas of one structure are one type on the wire", () => {
  const A = gob.struct("A", { X: gob.slice(gob.int), Y: gob.slice(gob.int64) });
  assert.equal(gob.decodeAny(gob.encode(A, {})).type.kind, "struct");
  const decoder = new gob.Decoder();
  decoder.push(gob.encode(A, {}));
  decoder.skip();
  assert.equal(decoder.types().filter((type) => type.kind === "slice").length, 1);
});

const refused: [string, gob.AnySchema, unknown, gob.GobErrorCode, RegExp][] = [
  ["a fraction for an int", gob.int, 1.5, "gob-range", /1\.5 does not fit int64/],
  ["an unsafe integer", gob.int, 2 ** 53, "gob-range", /use a bigint schema/],
  ["too much for int8", gob.int8, 128, "gob-range", /128 does not fit int8/],
  ["a negative uint", gob.uint, -1, "gob-range", /-1 does not fit uint64/],
  ["NaN for an int", gob.int, Number.NaN, "gob-range", /NaN/],
  ["a bigint beyond 64 bits", gob.bigInt64, 2n ** 63n, "gob-range", /does not fit int64/],
  ["a negative bigint for uint64", gob.bigUint64, -1n, "gob-range", /does not fit uint64/],
  ["1e39 for float32", gob.float32, 1e39, "gob-range", /does not fit float32/],
  ["a number for a string", gob.string, 5, "gob-value", /expected a string, got number/],
  ["null for a struct", types.Point, null, "gob-value", /got null/],
  ["nothing for a struct", types.Point, undefined, "gob-value", /got undefined/],
  ["a nil pointer at the top", gob.pointer(gob.int), null, "gob-value", /nil pointer/],
  [
    "two elements for an array of three",
    gob.array(gob.int, 3),
    [1, 2],
    "gob-value",
    /expected 3 elements, got 2/,
  ],
  ["an object for a slice", gob.slice(gob.int), { length: 1 }, "gob-value", /expected an array/],
  [
    "an interface without a type",
    gob.struct("I", { I: gob.any }),
    { I: 5 },
    "gob-value",
    /\{ type, value \}/,
  ],
  [
    "an unregistered type",
    gob.struct("I", { I: gob.any }),
    { I: { type: "x.Y" } },
    "gob-unregistered",
    /"x\.Y"/,
  ],
  ["a string for a time", gob.time, "2024", "gob-codec", /Time cannot be encoded/],
];

for (const [what, schema, value, code, message] of refused) {
  test(`encoding refuses ${what}`, () => {
    assert.throws(() => gob.encode(schema, value as never), { code, message });
  });
}

test("the error names the type and the path to the field", () => {
  const Team = gob.struct("Team", { Members: gob.slice(gob.struct("Person", { Age: gob.int8 })) });
  assert.throws(() => gob.encode(Team, { Members: [{ Age: 1 }, { Age: 300 }] }), {
    name: "GobError",
    code: "gob-range",
    field: "Members[1].Age",
    type: "Person",
  });
});

test("an encode that fails leaves the stream as if it had not been", () => {
  const good = bytesOf((encoder) => encoder.encode(types.Point, { X: 1 }));
  const tried = bytesOf((encoder) => {
    assert.throws(() => encoder.encode(types.Point, { X: 1.5 }), gob.GobError);
    assert.throws(() => encoder.encode(gob.slice(gob.string), [1] as never), gob.GobError);
    assert.equal(encoder.pendingBytes, 0);
    encoder.encode(types.Point, { X: 1 });
  });
  assert.equal(tried, good);
});

test("a value that contains itself ends at the limit of depth", () => {
  const node: { Label: string; Left: unknown } = { Label: "loop", Left: null };
  node.Left = node;
  assert.throws(() => gob.encode(types.Tree, node as never), { code: "gob-limit", message: /maxDepth/ });
});

test("a message over the limit is not sent", () => {
  const encoder = new gob.Encoder({ maxMessageBytes: 100 });
  assert.throws(() => encoder.encode(gob.string, "x".repeat(200)), { code: "gob-limit" });
  assert.equal(encoder.pendingBytes, 0);
});

test("strings of every length and kind come back", () => {
  for (const unit of ["a", "ü", "日", "😀"]) {
    for (const length of [0, 1, 15, 16, 63, 64, 85, 127, 128, 255, 256, 5000, 70_000]) {
      const text = unit.repeat(length);
      assert.equal(gob.decode(gob.string, gob.encode(gob.string, text)), text);
    }
  }
});

test("bytes taken from an encoder are not changed by what is encoded later", () => {
  const encoder = new gob.Encoder();
  const taken: Uint8Array[] = [];
  for (let i = 0; i < 500; i++) {
    encoder.encode(gob.string, `value ${i} ${"x".repeat(i)}`);
    taken.push(encoder.take());
  }
  const decoder = new gob.Decoder();
  taken.forEach((chunk, i) => {
    decoder.push(chunk);
    assert.equal(decoder.decode(gob.string), `value ${i} ${"x".repeat(i)}`);
  });
});

test("a schema that Go could not have is refused when it is made", () => {
  assert.throws(() => gob.struct("P", { name: gob.string }), { code: "gob-schema", message: /P\.name/ });
  assert.throws(() => gob.struct("P", JSON.parse('{"__proto__":1}')), { code: "gob-schema" });
  assert.throws(() => gob.slice(gob.uint8), { code: "gob-schema", message: /use bytes/ });
  assert.throws(() => gob.array(gob.int, -1), { code: "gob-schema" });
});

test("a type that contains itself through slices alone is encoded and decoded", () => {
  interface Nested extends Array<Nested> {}
  const Nested: gob.Schema<Nested> = gob.slice(gob.lazy(() => Nested)) as gob.Schema<Nested>;
  const value: Nested = [[], [[]], []];
  assert.deepEqual(gob.decode(Nested, gob.encode(Nested, value)), value);
});

test("bytes arrive as a copy of their own", () => {
  const stream = gob.encode(gob.bytes, hex("0102"));
  const value = gob.decode(gob.bytes, stream);
  stream.fill(0);
  assert.deepEqual(value, hex("0102"));
});
