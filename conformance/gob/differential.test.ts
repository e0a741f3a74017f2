import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as gob from "@drawbar/gob";
import { canonical, sortMaps } from "./canonical.ts";
import { peerRegistry, schemaOf } from "./description.ts";
import { GoGob } from "./go-gob.ts";
import { RandomValues } from "./random.ts";

const types = 150;
const valuesPerType = 4;
const registry = peerRegistry();
let go: GoGob;

before(async () => {
  go = await GoGob.start();
});
after(() => go[Symbol.asyncDispose]());

function decodeAll(schema: gob.AnySchema, data: Uint8Array): unknown[] {
  const decoder = new gob.Decoder({ registry });
  const values: unknown[] = [];
  decoder.push(data);
  for (let value = decoder.decode(schema); value !== gob.pending; value = decoder.decode(schema))
    values.push(value);
  decoder.end();
  return values;
}

function passOver(data: Uint8Array): number {
  const decoder = new gob.Decoder();
  let count = 0;
  // In pieces, so that values also begin and go on without having arrived.
  for (let at = 0; at < data.length; at += 7) {
    decoder.push(data.subarray(at, at + 7));
    while (decoder.skip()) count++;
  }
  decoder.end();
  return count;
}

test(`Go decodes ${types} random types of values encoded here, and back`, async () => {
  for (let seed = 1; seed <= types; seed++) {
    const random = new RandomValues(seed);
    const type = random.topType();
    const schema = schemaOf(type);
    const values = Array.from({ length: valuesPerType }, () => random.value(type, 0));
    const encoder = new gob.Encoder({ registry });
    for (const value of values) encoder.encode(schema, value as never);
    const data = encoder.take();
    const message = `seed ${seed}: ${JSON.stringify(type)}`;
    const expected = values.map((value) => canonical(type, value));
    const answer = await go
      .ask({ Op: "decode", Type: type, Data: Buffer.from(data).toString("base64"), Count: valuesPerType })
      .catch((error: Error) => assert.fail(`${message}: ${error.message}`));
    assert.deepEqual(sortMaps(answer.values), expected, message);
    const back = decodeAll(schema, answer.data).map((value) => canonical(type, value));
    assert.deepEqual(back, expected, message);
    assert.equal(passOver(data), valuesPerType, message);
  }
});

test(`values of ${types} random types made by Go decode here as Go sees them, and Go decodes them again`, async () => {
  for (let seed = 1; seed <= types; seed++) {
    const type = new RandomValues(seed + 10_000).topType();
    const schema = schemaOf(type);
    const message = `seed ${seed}: ${JSON.stringify(type)}`;
    const made = await go.ask({ Op: "random", Type: type, Seed: seed, Count: valuesPerType });
    const expected = sortMaps(made.values);
    const decoded = decodeAll(schema, made.data);
    assert.deepEqual(
      decoded.map((value) => canonical(type, value)),
      expected,
      message,
    );
    assert.equal(passOver(made.data), valuesPerType, message);
    const encoder = new gob.Encoder({ registry });
    for (const value of decoded) encoder.encode(schema, value as never);
    const answer = await go.ask({
      Op: "decode",
      Type: type,
      Data: Buffer.from(encoder.take()).toString("base64"),
      Count: valuesPerType,
    });
    assert.deepEqual(sortMaps(answer.values), expected, message);
  }
});

test("what Go encodes decodes without a schema as well", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const type = new RandomValues(seed + 20_000).topType();
    const { data } = await go.ask({ Op: "random", Type: type, Seed: seed, Count: valuesPerType });
    const decoder = new gob.Decoder();
    decoder.push(data);
    let count = 0;
    while (decoder.decodeAny() !== gob.pending) count++;
    decoder.end();
    assert.equal(count, valuesPerType, JSON.stringify(type));
  }
});
