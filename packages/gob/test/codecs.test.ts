import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { hex } from "./go-types.ts";

test("a time keeps its nanoseconds and its zone's offset", () => {
  const times = [
    new gob.Time(1_709_202_600_123_456_789n, 7200),
    new gob.Time(-1n),
    new gob.Time(0n, 0),
    new gob.Time(5n, -7 * 3600),
    new gob.Time(5n, -19_830),
    new gob.Time(2n ** 70n),
    gob.Time.zero,
  ];
  for (const time of times) assert.deepEqual(gob.decode(gob.time, gob.encode(gob.time, time)), time);
});

test("a time prints as RFC 3339 and converts from and to a Date", () => {
  assert.equal(String(new gob.Time(1_709_202_600_120_000_000n, -5400)), "2024-02-29T09:00:00.12-01:30");
  assert.equal(String(gob.Time.zero), "0001-01-01T00:00:00Z");
  const date = new Date("2024-02-29T10:30:00.5Z");
  assert.equal(gob.Time.fromDate(date).toDate().getTime(), date.getTime());
  assert.equal(gob.decode(gob.time, gob.encode(gob.time, date)).toDate().getTime(), date.getTime());
});

test("a time that Go's encoding has no place for is refused", () => {
  for (const time of [new gob.Time(0n, -60), new gob.Time(0n, 0.5), new gob.Time(2n ** 100n)]) {
    assert.throws(() => gob.encode(gob.time, time), { code: "gob-codec" });
  }
});

test("a zero time in a field is not sent, a pointer to it is", () => {
  const T = gob.struct("T", { T: gob.time });
  const P = gob.struct("T", { T: gob.pointer(gob.time) });
  assert.ok(gob.encode(P, { T: gob.Time.zero }).length - gob.encode(T, { T: gob.Time.zero }).length > 15);
  assert.deepEqual(gob.decode(T, gob.encode(T, {})), { T: gob.Time.zero });
  assert.deepEqual(gob.decode(P, gob.encode(P, {})), { T: null });
});

test("big integers of any size and sign come back", () => {
  for (const value of [0n, 1n, -1n, 255n, 256n, -(2n ** 64n), 3n ** 500n]) {
    assert.equal(gob.decode(gob.bigInt, gob.encode(gob.bigInt, value)), value);
  }
});

const kelvin = gob.codec<number>({
  name: "Kelvin",
  method: "text",
  zero: () => 0,
  isZero: (value) => value === 0,
  encode: (value) => new TextEncoder().encode(`${value}K`),
  decode: (bytes) => {
    const text = new TextDecoder().decode(bytes);
    if (!text.endsWith("K")) throw new Error(`"${text}" is not a temperature`);
    return Number.parseFloat(text);
  },
});

test("a codec of one's own decides what its bytes mean, and its errors say where they were", () => {
  const Room = gob.struct("Room", { Now: kelvin, Was: gob.slice(kelvin) });
  const stream = gob.encode(Room, { Now: 290, Was: [1, 0] });
  assert.deepEqual(gob.decode(Room, stream), { Now: 290, Was: [1, 0] });
  const at = Buffer.from(stream).indexOf("290K");
  stream[at + 3] = 0x46;
  assert.throws(() => gob.decode(Room, stream), {
    code: "gob-codec",
    field: "Now",
    message: /Kelvin cannot be decoded: "290F" is not a temperature/,
  });
});

test("bytes that are not the codec's own are refused with its reason", () => {
  const rename = (method: "gob" | "binary", bytes: string): Uint8Array =>
    gob.encode(
      gob.codec<string>({ name: "Any", method, zero: () => "", encode: hex, decode: () => "" }),
      bytes,
    );
  assert.throws(() => gob.decode(gob.time, rename("gob", "03")), { code: "gob-codec", message: /version 3/ });
  assert.throws(() => gob.decode(gob.time, rename("gob", "0100")), { code: "gob-codec", message: /2 bytes/ });
  assert.throws(() => gob.decode(gob.bigInt, rename("gob", "04")), {
    code: "gob-codec",
    message: /version 2/,
  });
  assert.equal(gob.decode(gob.bigInt, rename("gob", "")), 0n);
  assert.equal(gob.decode(gob.url, rename("binary", "2f61")), "/a");
});
