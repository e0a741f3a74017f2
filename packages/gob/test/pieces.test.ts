import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { hex } from "./go-types.ts";

const Bag = gob.struct("Bag", { Data: gob.bytes, Items: gob.slice(gob.any) });

const byte = (value: number): string => value.toString(16).padStart(2, "0");
const int = (value: number): string => {
  const unsigned = value < 0 ? ~value * 2 + 1 : value * 2;
  return unsigned < 128 ? byte(unsigned) : `fe${byte(unsigned >> 8)}${byte(unsigned & 255)}`;
};

/** A message of the bytes in hex. */
function message(text: string): Uint8Array {
  const payload = hex(text);
  const encoded = gob.encode(gob.bytes, payload);
  // What follows the message's length, the type and the mark of a value that is no struct.
  return encoded.subarray(encoded.indexOf(0x0a) + 2);
}

/**
 * A Bag of `dataBytes` whose items are each of a type of their own, split as Go splits it: every
 * definition ends a message.
 */
function bag(dataBytes: number, items: number): Uint8Array[] {
  const encoder = new gob.Encoder();
  encoder.encode(Bag, {});
  const definitions = encoder.take();
  encoder.encode(gob.bytes, new Uint8Array(dataBytes));
  const encoded = encoder.take();
  const data = Buffer.from(encoded.subarray(encoded.indexOf(0x0a) + 2)).toString("hex");
  const count = Buffer.from(gob.encode(gob.uint, items)).subarray(3).toString("hex");
  const messages: Uint8Array[] = [definitions];
  let open = `${int(64)}01${data}01${count}`;
  for (let id = 100; id < 100 + items; id++) {
    const definition = `${int(-id)}03010101540${"1"}${int(id)}000000`;
    messages.push(message(`${open}0154${definition}`));
    open = `${int(id)}0100`;
  }
  messages.push(message(`${open}00`));
  return messages;
}

function push(pieces: readonly Uint8Array[]): unknown[] {
  const decoder = new gob.Decoder({ unregistered: "decode" });
  const values: unknown[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let value = decoder.decode(Bag); value !== gob.pending; value = decoder.decode(Bag))
      values.push(value);
  }
  decoder.end();
  return values;
}

test("a value that goes on in later messages is decoded when the last has arrived", () => {
  const values = push(bag(1000, 30)) as { Items: unknown[] }[];
  assert.equal(values.length, 2);
  assert.deepEqual(values[1]?.Items, new Array(30).fill({ type: "T", value: {} }));
});

test("a long value cannot be made to be decoded over and over by sending it in pieces", () => {
  assert.throws(() => push(bag(1 << 20, 200)), {
    code: "gob-limit",
    message: /too many pieces/,
    fatal: true,
  });
  const [first, ...rest] = bag(1 << 20, 200);
  assert.equal(push([first ?? hex(""), new Uint8Array(Buffer.concat(rest))]).length, 2);
});
