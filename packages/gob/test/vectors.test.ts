import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import * as types from "./go-types.ts";
import { hex } from "./go-types.ts";
import { goVectors } from "./go-vectors.ts";

function decodeEach(name: string, schemas: readonly gob.AnySchema[], pieceBytes: number): unknown[] {
  const stream = hex(goVectors[name] ?? "");
  const decoder = new gob.Decoder({ registry: types.registry });
  const values: unknown[] = [];
  for (let at = 0; at < stream.length; at += pieceBytes) {
    // A copy that is spoiled afterwards: what is not decoded yet must have been kept.
    const piece = stream.slice(at, at + pieceBytes);
    decoder.push(piece);
    for (;;) {
      const value = decoder.decode(schemas[values.length] ?? gob.any);
      if (value === gob.pending) break;
      values.push(value);
    }
    piece.fill(0xee);
  }
  decoder.end();
  return values;
}

const noTree = { Left: null, Right: null, Children: [], ByName: new Map() };

const expected: Readonly<Record<string, { schemas: gob.AnySchema[]; values: unknown[] }>> = {
  point: { schemas: [types.Point], values: [{ X: 22, Y: 33 }] },
  points: {
    schemas: [types.Point, types.Point, types.Point],
    values: [
      { X: 1, Y: -1 },
      { X: 0, Y: 0 },
      { X: 2 ** 40, Y: -(2 ** 40) },
    ],
  },
  integers: {
    schemas: [gob.int, gob.int8, gob.int16, gob.bigInt64, gob.bigInt64, gob.uint16, gob.bigUint64],
    values: [0, 7, -129, 2n ** 63n - 1n, -(2n ** 63n), 256, 2n ** 64n - 1n],
  },
  floats: {
    schemas: [gob.float64, gob.float64, gob.float32, gob.float32, gob.float64],
    values: [0, 17, -0.5, Math.fround(0.1), 5e-324],
  },
  scalars: {
    schemas: [types.Scalars, types.Scalars],
    values: [
      {
        Bool: true,
        Int: -5,
        Uint: 300,
        Float: 17,
        Complex: { re: 1, im: -2 },
        String: "héllo",
        Bytes: hex("00ff"),
      },
      {
        Bool: false,
        Int: 0,
        Uint: 0,
        Float: 0,
        Complex: { re: 0, im: 0 },
        String: "",
        Bytes: new Uint8Array(0),
      },
    ],
  },
  composites: {
    schemas: [types.Composites],
    values: [
      {
        Slice: [0, 1],
        Array: ["a", "", ""],
        Map: new Map([["k", 1]]),
        Pointer: { X: 1, Y: 0 },
        Nested: { X: 0, Y: 0 },
        Empty: new Map(),
      },
    ],
  },
  marshalers: {
    schemas: [types.Marshalers],
    values: [
      {
        Time: new gob.Time(1_709_202_600_123_456_789n, 7200),
        Big: -(2n ** 40n),
        URL: "https://example.com/a?b=c",
      },
    ],
  },
  interfaces: {
    schemas: [types.Holder],
    values: [
      {
        Name: "h",
        Held: { type: "main.Point", value: { X: 5, Y: 6 } },
        Also: [
          null,
          { type: "int", value: 1 },
          { type: "string", value: "two" },
          {
            type: "*main.Shape",
            value: {
              Name: "s",
              Points: [{ X: 1, Y: 2 }],
              Origin: null,
              Inner: { type: "main.Point", value: { X: 3, Y: 4 } },
            },
          },
        ],
      },
    ],
  },
  embedded: { schemas: [types.Derived], values: [{ Base: { Id: 9 }, Name: "d" }] },
  tree: {
    schemas: [types.Tree],
    values: [
      { ...noTree, Label: "root", Left: { ...noTree, Label: "l" }, Children: [{ ...noTree, Label: "c" }] },
    ],
  },
  topLevel: {
    schemas: [
      gob.string,
      gob.bytes,
      gob.slice(gob.string),
      gob.map(gob.string, gob.int),
      gob.array(gob.bool, 2),
      gob.bool,
    ],
    values: [
      "text",
      new Uint8Array(Buffer.from("bytes")),
      ["a", "b"],
      new Map([["x", 1]]),
      [true, false],
      true,
    ],
  },
};

for (const [name, { schemas, values }] of Object.entries(expected)) {
  test(`Go's stream of ${name} decodes to the values that Go encoded, in pieces of any length`, () => {
    assert.deepEqual(decodeEach(name, schemas, 1 << 20), values);
    for (const pieceBytes of [1, 2, 3, 7, 50])
      assert.deepEqual(decodeEach(name, schemas, pieceBytes), values);
  });
}

test("every stream in the vectors has its expectation", () => {
  assert.deepEqual(Object.keys(expected).sort(), Object.keys(goVectors).sort());
});

test("where Go's process gave types the ids of a fresh stream, our bytes are Go's bytes", () => {
  for (const name of ["point", "points", "integers", "floats"]) {
    const { schemas = [], values = [] } = expected[name] ?? {};
    const encoder = new gob.Encoder();
    schemas.forEach((schema, i) => {
      encoder.encode(schema, values[i] as never);
    });
    assert.equal(Buffer.from(encoder.take()).toString("hex"), goVectors[name], name);
  }
});

test("every stream in the vectors also decodes without a schema, and can be passed over", () => {
  for (const [name, text] of Object.entries(goVectors)) {
    const count = expected[name]?.values.length;
    for (const way of ["decodeAny", "skip"] as const) {
      const decoder = new gob.Decoder();
      decoder.push(hex(text));
      let values = 0;
      const step = (): boolean => (way === "skip" ? decoder.skip() : decoder.decodeAny() !== gob.pending);
      while (step()) values++;
      decoder.end();
      assert.equal(values, count, `${name} by ${way}`);
    }
  }
});
