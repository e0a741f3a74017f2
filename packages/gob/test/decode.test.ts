import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import * as types from "./go-types.ts";
import { hex } from "./go-types.ts";
import { goVectors } from "./go-vectors.ts";

const { Point } = types;
const point = hex(goVectors["point"] ?? "");

test("fields are matched by name: order does not matter, missing ones are zero, extra ones are dropped", () => {
  const Sent = gob.struct("Sent", { A: gob.int, B: gob.slice(Point), C: gob.any, D: gob.string });
  const Wanted = gob.struct("Wanted", { D: gob.string, New: gob.slice(gob.int), A: gob.int16 });
  const stream = gob.encode(Sent, {
    A: 5,
    B: [{ X: 1 }],
    C: { type: "[]string", value: ["dropped"] },
    D: "d",
  });
  const decoded = gob.decode(Wanted, stream);
  assert.deepEqual(decoded, { D: "d", New: [], A: 5 });
  assert.deepEqual(Object.keys(decoded), ["D", "New", "A"]);
});

test("pointers are flattened on both sides", () => {
  const Deep = gob.struct("P", { X: gob.pointer(gob.pointer(gob.int)), Y: gob.int });
  assert.deepEqual(gob.decode(Deep, gob.encode(Point, { X: 4, Y: 0 })), { X: 4, Y: 0 });
  assert.deepEqual(gob.decode(Point, gob.encode(Deep, { X: null, Y: 3 })), { X: 0, Y: 3 });
  assert.deepEqual(gob.decode(gob.pointer(gob.int), gob.encode(gob.int, 9)), 9);
});

test("fields of an embedded struct are found where they stand directly in the outer one", () => {
  const Flat = gob.struct("Flat", { Id: gob.int, Name: gob.string });
  assert.deepEqual(gob.decode(types.Derived, gob.encode(Flat, { Id: 7, Name: "n" })), {
    Base: { Id: 7 },
    Name: "n",
  });
});

test("integers go into any width of their family that holds them, and no other family", () => {
  assert.equal(gob.decode(gob.int8, gob.encode(gob.int, -128)), -128);
  assert.equal(gob.decode(gob.bigInt64, gob.encode(gob.int8, -1)), -1n);
  assert.throws(() => gob.decode(gob.uint, gob.encode(gob.int, 1)), { code: "gob-mismatch", type: "uint" });
  assert.throws(() => gob.decode(gob.float64, gob.encode(gob.int, 1)), { code: "gob-mismatch" });
  assert.throws(() => gob.decode(gob.string, gob.encode(gob.bytes, null)), { code: "gob-mismatch" });
});

test("an overflow names the field, its type and the byte", () => {
  const Narrow = gob.struct("Narrow", { X: gob.int8 });
  const stream = gob.encode(Point, { X: 300, Y: 1 });
  assert.throws(() => gob.decode(Narrow, stream), {
    code: "gob-range",
    field: "X",
    type: "Narrow",
    offset: 35,
    message: "gob: received 300, which does not fit int8 (field X, type Narrow, byte 35)",
  });
});

test("a 64-bit integer that a number cannot hold exactly is an error, not rounded", () => {
  for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
    const stream = gob.encode(gob.bigInt64, value);
    assert.throws(() => gob.decode(gob.int, stream), { code: "gob-range", message: /bigInt64/ });
    assert.equal(gob.decode(gob.bigInt64, stream), value);
  }
  for (const value of [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 31, -(2 ** 31) - 1, 2 ** 30, -(2 ** 30)]) {
    assert.equal(gob.decode(gob.int, gob.encode(gob.int, value)), value);
  }
  const top = gob.encode(gob.bigUint64, 2n ** 64n - 1n);
  assert.throws(() => gob.decode(gob.uint, top), { code: "gob-range" });
  assert.equal(gob.decodeAny(top).value, 2n ** 64n - 1n);
});

test("types that cannot match say which field", () => {
  const Other = gob.struct("Other", { X: gob.string });
  assert.throws(() => gob.decode(Other, point), {
    code: "gob-mismatch",
    field: "X",
    message: /received int/,
  });
  const Array3 = gob.array(gob.int, 3);
  assert.throws(() => gob.decode(Array3, gob.encode(gob.array(gob.int, 2), [1, 2])), {
    code: "gob-mismatch",
  });
  assert.throws(() => gob.decode(gob.struct("None", { Z: gob.int }), point), {
    message: /no field in common/,
  });
  assert.throws(() => gob.decode(gob.int, point), { code: "gob-mismatch", message: /received Point/ });
  assert.throws(() => gob.decode(gob.url, gob.encode(gob.time, gob.Time.zero)), { code: "gob-mismatch" });
});

test("after a value that does not fit its schema the next one is decoded", () => {
  const encoder = new gob.Encoder({ registry: types.registry });
  encoder.encode(types.Holder, { Name: "h", Held: { type: "main.Point", value: { X: 1 } } });
  encoder.encode(Point, { X: 2 });
  const decoder = new gob.Decoder({ registry: types.registry });
  decoder.push(encoder.take());
  const Wrong = gob.struct("Wrong", { Name: gob.int });
  assert.throws(() => decoder.decode(Wrong), { code: "gob-mismatch", fatal: false });
  assert.deepEqual(decoder.decode(Point), { X: 2, Y: 0 });
  assert.equal(decoder.decode(Point), gob.pending);
});

test("a stream that is not gob is refused for good", () => {
  const decoder = new gob.Decoder();
  decoder.push(
    new Uint8Array(Buffer.from("GET / HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n".repeat(3))),
  );
  assert.throws(() => decoder.decode(Point), { name: "GobError", fatal: true });
  assert.throws(() => decoder.decode(Point), { name: "GobError", fatal: true });
});

const corrupt: [string, string, gob.GobErrorCode, RegExp][] = [
  ["a type that was never defined", "04ff840100", "gob-type", /type 66.*not defined/],
  [
    "a type defined twice",
    `${goVectors["point"]?.slice(0, 62)}${goVectors["point"]}`,
    "gob-type",
    /64 is defined twice/,
  ],
  ["a definition of a built-in type", "05 05 03 01 00 00", "gob-type", /built in/],
  [
    "a field number beyond the type",
    `${goVectors["point"]?.slice(0, 62)}05ff80092c00`,
    "gob-corrupt",
    /field number 8/,
  ],
  [
    "a struct without its end",
    `${goVectors["point"]?.slice(0, 62)}04ff80012c`,
    "gob-truncated",
    /ends inside/,
  ],
  [
    "bytes after the value",
    `${goVectors["point"]?.slice(0, 62)}05ff80000000`,
    "gob-corrupt",
    /bytes after the value/,
  ],
  ["an integer of nine bytes", "0c0400f7010203040506070809", "gob-corrupt", /9 bytes/],
  ["a string longer than its message", "050c000a6162", "gob-truncated", /10 bytes announced, 2 left/],
  ["a value without its zero byte", "03040106", "gob-corrupt", /zero byte/],
  ["an empty message", "00", "gob-truncated", /ends inside/],
];

for (const [what, text, code, message] of corrupt) {
  test(`${what} is refused, with and without a schema`, () => {
    const way = (decode: (decoder: gob.Decoder) => unknown) => (): unknown => {
      const decoder = new gob.Decoder();
      decoder.push(hex(text));
      return decode(decoder);
    };
    const byKind = /^0[35c]0?[4c]/.test(text);
    const schema = byKind ? (text.startsWith("050c") ? gob.string : gob.int) : Point;
    for (const decode of [
      way((decoder) => decoder.decode(schema)),
      way((decoder) => decoder.decodeAny()),
      way((decoder) => decoder.skip()),
    ]) {
      assert.throws(decode, { code, message, fatal: true });
    }
  });
}

test("every cut through a stream is seen when the stream ends", () => {
  for (const [name, text] of Object.entries(goVectors)) {
    const stream = hex(text);
    let ends = 0;
    for (let cut = 1; cut < stream.length; cut++) {
      const decoder = new gob.Decoder();
      decoder.push(stream.subarray(0, cut));
      while (decoder.skip()) {
        // Up to the cut.
      }
      try {
        decoder.end();
        ends++;
      } catch (error) {
        assert.ok(error instanceof gob.GobError && error.code === "gob-truncated", name);
      }
    }
    // Between messages the stream may end.
    assert.ok(ends < 20, name);
  }
});

test("a message over the limit is refused when its length has arrived, before its bytes", () => {
  const decoder = new gob.Decoder({ limits: { maxMessageBytes: 1000 } });
  decoder.push(hex("fe03e8"));
  assert.throws(() => decoder.decode(Point), { code: "gob-limit", message: /1000 bytes.*maxMessageBytes/ });
  const patient = new gob.Decoder();
  patient.push(hex("fc3fffffff"));
  assert.equal(patient.decode(Point), gob.pending);
  const huge = new gob.Decoder();
  huge.push(hex("f8ffffffffffffffff"));
  assert.throws(() => huge.decode(Point), { fatal: true });
});

test("a count that the message cannot hold is refused before anything is decoded", () => {
  const stream = gob.encode(gob.slice(gob.int), [1, 2, 3]);
  const at = stream.length - 4;
  assert.equal(stream[at], 3);
  stream[at] = 0x7f;
  assert.throws(() => gob.decode(gob.slice(gob.int), stream), {
    message: /127 elements announced, 3 bytes left/,
  });
  assert.throws(() => gob.decodeAny(stream), { code: "gob-truncated" });
});

test("elements, depth and type definitions have their limits", () => {
  const limited =
    (limits: Partial<gob.GobLimits>, schema: gob.AnySchema, stream: Uint8Array) => (): unknown =>
      gob.decode(schema, stream, { limits });
  const list = gob.encode(gob.slice(gob.int), new Array<number>(11).fill(0));
  assert.throws(limited({ maxElements: 10 }, gob.slice(gob.int), list), {
    code: "gob-limit",
    message: /maxElements/,
  });
  limited({ maxElements: 11 }, gob.slice(gob.int), list)();
  let tree: Partial<types.TreeValue> = { Label: "leaf" };
  for (let depth = 0; depth < 50; depth++) tree = { Left: tree as types.TreeValue };
  const deep = gob.encode(types.Tree, tree);
  assert.throws(limited({ maxDepth: 50 }, types.Tree, deep), { code: "gob-limit", message: /maxDepth/ });
  limited({ maxDepth: 51 }, types.Tree, deep)();
  assert.throws(limited({ maxTypeBytes: 100 }, types.Tree, deep), {
    code: "gob-limit",
    message: /maxTypeBytes/,
  });
});

test("zero fields of a type with many cannot fill memory when decoded without a schema", () => {
  const fields = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`F${i}`, gob.int]));
  const stream = gob.encode(gob.slice(gob.struct("Wide", fields)), new Array(1000).fill({}));
  assert.throws(() => gob.decodeAny(stream, { limits: { maxElements: 10_000 } }), { code: "gob-limit" });
});

test("a field named __proto__ is data, and does not reach any prototype", () => {
  // type 64 = struct P { __proto__ int }
  const message = hex("00 7f 03 01 01 01 50 01 ff80 00 01 01 01 09 5f5f70726f746f5f5f 01 04 00 00 00");
  message[0] = message.length - 1;
  const decoder = new gob.Decoder();
  decoder.push(message);
  decoder.push(hex("05ff80010600"));
  const any = decoder.decodeAny();
  assert.ok(any !== gob.pending);
  const value = any.value as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.entries(value), [["__proto__", 3]]);
});

test("a record takes any key, and has no prototype to reach", () => {
  const R = gob.record(gob.int);
  const stream = gob.encode(
    gob.map(gob.string, gob.int),
    new Map([
      ["__proto__", 1],
      ["constructor", 2],
    ]),
  );
  const record = gob.decode(R, stream);
  assert.equal(Object.getPrototypeOf(record), null);
  assert.deepEqual(Object.entries(record), [
    ["__proto__", 1],
    ["constructor", 2],
  ]);
  assert.deepEqual(gob.decode(R, gob.encode(R, record)), record);
});
