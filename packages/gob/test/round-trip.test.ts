import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import fc from "fast-check";
import { registry } from "./go-types.ts";

interface Sample {
  readonly schema: gob.AnySchema;
  readonly values: fc.Arbitrary<unknown>;
}

const float32 = fc.float().map(Math.fround);
// Minus zero is zero in a field, which is not what round trips are about.
const plain = (values: fc.Arbitrary<number>): fc.Arbitrary<number> => values.map((value) => value + 0);

const scalars: readonly Sample[] = [
  { schema: gob.bool, values: fc.boolean() },
  { schema: gob.int, values: plain(fc.maxSafeInteger()) },
  { schema: gob.int8, values: plain(fc.integer({ min: -128, max: 127 })) },
  { schema: gob.uint32, values: fc.nat(2 ** 32 - 1) },
  { schema: gob.uint, values: fc.maxSafeNat() },
  { schema: gob.bigInt64, values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { schema: gob.bigUint64, values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { schema: gob.float64, values: plain(fc.double()) },
  { schema: gob.float32, values: plain(float32) },
  {
    schema: gob.complex128,
    values: fc.tuple(plain(fc.double()), plain(fc.double())).map(([re, im]) => ({ re, im })),
  },
  { schema: gob.string, values: fc.string({ unit: "grapheme", maxLength: 200 }) },
  { schema: gob.bytes, values: fc.uint8Array() },
  { schema: gob.rawString, values: fc.uint8Array() },
  { schema: gob.bigInt, values: fc.bigInt() },
];

const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...scalars),
    tie("sample").map(({ schema, values }) => ({
      schema: gob.slice(schema),
      values: fc.array(values, { maxLength: 4 }),
    })),
    tie("sample").map(({ schema, values }) => ({
      schema: gob.array(schema, 2),
      values: fc.array(values, { minLength: 2, maxLength: 2 }),
    })),
    tie("sample").map(({ schema, values }) => ({
      schema: gob.map(gob.string, schema),
      values: fc.array(fc.tuple(fc.string(), values), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 4 }).map((fields) => ({
      schema: gob.struct("S", Object.fromEntries(fields.map((field, i) => [`F${i}`, field.schema]))),
      values: fc
        .tuple(...fields.map((field) => field.values))
        .map((values) => Object.fromEntries(values.map((value, i) => [`F${i}`, value]))),
    })),
  ),
})).sample;

const samplesWithValues: fc.Arbitrary<[gob.AnySchema, unknown[]]> = samples.chain(({ schema, values }) =>
  fc.tuple(fc.constant(schema), fc.array(values, { minLength: 1, maxLength: 3 })),
);

test("what is encoded decodes to itself, whatever the pieces it arrives in", () => {
  fc.assert(
    fc.property(samplesWithValues, fc.integer({ min: 1, max: 100 }), ([schema, values], pieceBytes) => {
      const encoder = new gob.Encoder({ registry });
      for (const value of values) encoder.encode(schema, value as never);
      const stream = encoder.take();
      const decoder = new gob.Decoder({ registry });
      const decoded: unknown[] = [];
      for (let at = 0; at < stream.length; at += pieceBytes) {
        decoder.push(stream.subarray(at, at + pieceBytes));
        for (let value = decoder.decode(schema); value !== gob.pending; value = decoder.decode(schema))
          decoded.push(value);
      }
      decoder.end();
      assert.deepEqual(decoded, values);
    }),
    { numRuns: 300 },
  );
});
