import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultGobLimits } from "./limits.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

function written(write: (w: Writer) => void): string {
  const w = new Writer();
  write(w);
  return Buffer.from(w.take()).toString("hex");
}

function reading<T>(write: (w: Writer) => void, read: (r: Reader) => T): T {
  const w = new Writer();
  const mark = w.beginLength(1);
  write(w);
  w.endLength(mark, 1);
  const r = new Reader(defaultGobLimits);
  r.reset(w.take(), 0);
  assert.ok(r.nextMessage());
  const value = read(r);
  assert.equal(r.left, 0);
  return value;
}

test("the examples of Go's documentation", () => {
  assert.equal(
    written((w) => w.uint(0)),
    "00",
  );
  assert.equal(
    written((w) => w.uint(7)),
    "07",
  );
  assert.equal(
    written((w) => w.uint(256)),
    "fe0100",
  );
  assert.equal(
    written((w) => w.int(-129)),
    "fe0101",
  );
  assert.equal(
    written((w) => w.float(17)),
    "fe3140",
  );
});

test("integers take the fewest bytes at every width", () => {
  for (let bits = 7; bits <= 52; bits++) {
    const bytes = (text: string): number => text.length / 2;
    const fewest = bits === 7 ? 1 : 1 + Math.ceil(bits / 8);
    assert.equal(bytes(written((w) => w.uint(2 ** bits - 1))), fewest, `${bits} bits`);
    assert.equal(
      written((w) => w.uint(2 ** bits - 1)),
      written((w) => w.bigUint(2n ** BigInt(bits) - 1n)),
    );
    assert.equal(
      written((w) => w.int(-(2 ** bits))),
      written((w) => w.bigInt(-(2n ** BigInt(bits)))),
    );
    assert.equal(
      written((w) => w.int(2 ** bits)),
      written((w) => w.bigInt(2n ** BigInt(bits))),
    );
  }
});

const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: 0, max: 53 }).map((bits) => -(2 ** bits) + 1),
);

test("what is written is read, as numbers and as bigints", () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const magnitude = Math.abs(number);
      assert.equal(
        reading(
          (w) => w.int(number),
          (r) => r.int(),
        ),
        number + 0,
      );
      assert.equal(
        reading(
          (w) => w.int(number),
          (r) => r.bigInt(),
        ),
        BigInt(number),
      );
      assert.equal(
        reading(
          (w) => w.uint(magnitude),
          (r) => r.uint(),
        ),
        magnitude,
      );
      assert.equal(
        reading(
          (w) => w.uint(magnitude),
          (r) => r.bigUint(),
        ),
        BigInt(magnitude),
      );
    }),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      assert.equal(
        reading(
          (w) => w.bigInt(value),
          (r) => r.bigInt(),
        ),
        value,
      );
    }),
  );
  fc.assert(
    fc.property(fc.double(), (value) => {
      assert.ok(
        Object.is(
          reading(
            (w) => w.float(value),
            (r) => r.float(),
          ),
          value,
        ),
      );
    }),
  );
});

test("a length that was guessed wrong moves what follows it", () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    for (const guess of [1, 2, 3, 5]) {
      const w = new Writer();
      w.byte(0xaa);
      const mark = w.beginLength(guess);
      w.raw(new Uint8Array(length).fill(7));
      w.endLength(mark, guess);
      w.byte(0xbb);
      const expected = written((other) => {
        other.byte(0xaa);
        other.counted(new Uint8Array(length).fill(7));
        other.byte(0xbb);
      });
      assert.equal(Buffer.from(w.take()).toString("hex"), expected, `${length} guessed as ${guess}`);
    }
  }
});
