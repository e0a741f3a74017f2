import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { hex, Point, registry, Shape } from "./go-types.ts";
import { goVectors } from "./go-vectors.ts";

const Box = gob.struct("Box", { Held: gob.any });

test("an interface value carries its type's registered name, and nil is null", () => {
  const value = { Held: registry.value(Point, { X: 3 }) };
  assert.deepEqual(gob.decode(Box, gob.encode(Box, value, { registry }), { registry }), {
    Held: { type: "main.Point", value: { X: 3, Y: 0 } },
  });
  assert.deepEqual(gob.decode(Box, gob.encode(Box, { Held: null })), { Held: null });
});

test("the registry tells which type a received value has", () => {
  const { Held } = gob.decode(Box, gob.encode(Box, { Held: registry.value(Point, {}) }, { registry }), {
    registry,
  });
  assert.ok(registry.is(Point, Held));
  assert.equal(Held.value.X, 0);
  assert.ok(!registry.is(Shape, Held));
});

test("oneOf gives a union that its type tells apart, and takes no other", () => {
  const Circle = gob.struct("Circle", { R: gob.float64 });
  const Either = gob.struct("Either", { It: gob.oneOf({ "main.Circle": Circle, "main.Point": Point }) });
  const { It } = gob.decode(Either, gob.encode(Either, { It: { type: "main.Circle", value: { R: 2 } } }));
  assert.equal(It?.type === "main.Circle" ? It.value.R : undefined, 2);
  const other = gob.encode(Box, { Held: { type: "int", value: 1 } });
  const Same = gob.struct("Same", { Held: gob.oneOf({ "main.Circle": Circle }) });
  assert.throws(() => gob.decode(Same, other), { code: "gob-unregistered", message: /"int"/, field: "Held" });
});

test("a name that is not registered is an error, or a plain value on request", () => {
  const stream = gob.encode(Box, { Held: registry.value(Point, { X: 1 }) }, { registry });
  assert.throws(() => gob.decode(Box, stream), { code: "gob-unregistered", message: /"main\.Point"/ });
  assert.deepEqual(gob.decode(Box, stream, { unregistered: "decode" }), {
    Held: { type: "main.Point", value: { X: 1, Y: 0 } },
  });
});

test("a value that goes on in later messages waits for them, and an error in it does not lose the next", () => {
  const stream = hex(goVectors["interfaces"] ?? "");
  const encoder = new gob.Encoder();
  const Wrong = gob.struct("Wrong", { Held: gob.int });
  const decoder = new gob.Decoder({ registry });
  let seen = 0;
  for (const byte of stream) {
    decoder.push(Uint8Array.of(byte));
    try {
      assert.equal(decoder.decode(Wrong), gob.pending);
    } catch (error) {
      assert.ok(error instanceof gob.GobError && error.code === "gob-mismatch" && !error.fatal);
      seen++;
    }
  }
  assert.equal(seen, 1);
  encoder.encode(gob.int, 5);
  decoder.push(encoder.take());
  assert.equal(decoder.decode(gob.int), 5);
});

test("Go's basic types are registered from the start; 64-bit ones become bigint on request", () => {
  const stream = gob.encode(gob.slice(gob.any), [
    { type: "int", value: 1 },
    { type: "[]uint64", value: [2] },
    { type: "[]uint8", value: hex("03") },
  ]);
  const exact = new gob.Registry({ bigIntegers: true });
  assert.deepEqual(gob.decode(gob.slice(gob.any), stream, { registry: exact }), [
    { type: "int", value: 1n },
    { type: "[]uint64", value: [2n] },
    { type: "[]uint8", value: hex("03") },
  ]);
  assert.equal(new gob.Registry().names().length, 34);
});

test("names and types are registered one to one", () => {
  const own = new gob.Registry().register(Point, "main.Point");
  own.register(Point, "main.Point");
  assert.throws(() => own.register(Point, "other.Point"), { code: "gob-schema", message: /main\.Point/ });
  assert.throws(() => own.register(Shape, "main.Point"), { code: "gob-schema", message: /another schema/ });
  assert.throws(() => own.register(Shape, ""), { code: "gob-schema" });
  assert.throws(() => own.value(Shape, {}), { code: "gob-unregistered" });
});
