import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeTime } from "../encode/time.ts";
import { X509Error } from "../error.ts";
import { defaultLimits } from "../limits.ts";
import { DerReader } from "./reader.ts";
import { tag } from "./tag.ts";
import { readTime } from "./time.ts";
import {
  bitString,
  boolean,
  type Der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tlv,
  toBytes,
} from "./writer.ts";

const reader = (der: Der): DerReader => new DerReader(toBytes(der));
const fromHex = (hex: string): DerReader => new DerReader(Uint8Array.from(Buffer.from(hex, "hex")));
const hex = (der: Der): string => Buffer.from(toBytes(der)).toString("hex");

function refuses(read: () => unknown, message: RegExp, offset?: number): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof X509Error, String(error));
    assert.equal(error.code, "malformed_der");
    assert.match(error.message, message);
    if (offset !== undefined) assert.equal(error.facts["offset"], offset);
    return true;
  });
}

test("values are written as X.690's examples and other encoders have them", () => {
  assert.equal(hex(integer(0)), "020100");
  assert.equal(hex(integer(127)), "02017f");
  assert.equal(hex(integer(128)), "02020080");
  assert.equal(hex(integer(-128)), "020180");
  assert.equal(hex(integer(-129)), "0202ff7f");
  assert.equal(hex(boolean(true)), "0101ff");
  assert.equal(hex(objectIdentifier("2.999.3")), "0603883703");
  assert.equal(hex(objectIdentifier("1.2.840.113549")), "06062a864886f70d");
  assert.equal(hex(octetString(new Uint8Array(200))).slice(0, 6), "0481c8");
  assert.equal(hex(setOf(integer(300), integer(1), boolean(true))), "310a0101ff0201010202012c");
  assert.equal(hex(encodeTime(new Date("2049-12-31T23:59:59.999Z"))), "170d3439313233313233353935395a");
  assert.equal(hex(encodeTime(new Date("2050-01-01T00:00:00Z"))), "180f32303530303130313030303030305a");
});

test("every INTEGER reads back as it was written", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }), (value) => {
      assert.equal(reader(integer(value)).integer("number"), value);
    }),
  );
});

test("every OBJECT IDENTIFIER reads back as it was written", () => {
  const rest = fc.array(fc.nat({ max: 0x7fffffff }), { maxLength: 8 });
  const start = fc.oneof(
    fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 39 })),
    fc.tuple(fc.constant(2), fc.nat({ max: 0x7fffffff - 80 })),
  );
  fc.assert(
    fc.property(start, rest, (first, more) => {
      const dotted = [...first, ...more].join(".");
      assert.equal(reader(objectIdentifier(dotted)).objectIdentifier("identifier"), dotted);
    }),
  );
});

test("every time from the year 0 to 9999 reads back to the second", () => {
  const date = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (time) => {
      const seconds = Math.floor(time.getTime() / 1000) * 1000;
      assert.equal(readTime(reader(encodeTime(time)), "time").getTime(), seconds);
    }),
  );
});

test("octets and bits of any length read back, nested to the limit of depth and no deeper", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000 }), (octets) => {
      const list = reader(sequence(octetString(octets), bitString(octets))).enter(tag.sequence, "list");
      assert.deepEqual(list.contents(tag.octetString, "octets"), octets);
      assert.deepEqual(list.bitStringOctets("bits"), octets);
      list.finish("list");
    }),
    { numRuns: 30 },
  );
  let nested: Der = integer(1);
  for (let depth = 0; depth < 20; depth++) nested = sequence(nested);
  let inner = reader(nested);
  for (let depth = 0; depth < defaultLimits.depth; depth++) inner = inner.enter(tag.sequence, "nest");
  assert.throws(() => inner.enter(tag.sequence, "nest"), { code: "limit_exceeded" });
});

test("what is BER but not DER is refused, with its offset", () => {
  refuses(() => fromHex("3080").enter(tag.sequence, "x"), /indefinite/, 0);
  refuses(() => fromHex("308101ff").enter(tag.sequence, "x"), /not minimal/, 0);
  refuses(() => fromHex("30820001ff").enter(tag.sequence, "x"), /not minimal/, 0);
  refuses(() => fromHex("02020001").integer("x"), /not minimal/, 0);
  refuses(() => fromHex("0202ff80").integer("x"), /not minimal/, 0);
  refuses(() => fromHex("0200").integer("x"), /without contents/, 0);
  refuses(() => fromHex("010101").boolean("x"), /00 or FF/, 0);
  refuses(() => fromHex("0302010f").bitString("x"), /unused bits/, 0);
  refuses(() => fromHex("030108").bitString("x"), /unused bits/, 0);
  refuses(() => fromHex("0300").bitString("x"), /unused bits/, 0);
  refuses(() => fromHex("06028001").objectIdentifier("x"), /not minimal/, 0);
  refuses(() => fromHex("060181").objectIdentifier("x"), /cut off/, 0);
  refuses(() => fromHex("0600").objectIdentifier("x"), /cut off/, 0);
  refuses(() => fromHex("0606888080808000").objectIdentifier("x"), /2\^31/, 0);
});

test("a length is checked against what is there before anything is read", () => {
  refuses(() => fromHex("3084ffffffff").enter(tag.sequence, "x"), /exceeds the 0 bytes left/, 0);
  refuses(() => fromHex("308501000000").enter(tag.sequence, "x"), /more than four/, 0);
  refuses(() => fromHex("3083ff").enter(tag.sequence, "x"), /inside its length/, 0);
  refuses(() => fromHex("30").enter(tag.sequence, "x"), /before its length/, 0);
  refuses(() => fromHex("").enter(tag.sequence, "x"), /missing/, 0);
  const list = fromHex("3003020105").enter(tag.sequence, "list");
  list.integer("first");
  refuses(() => list.integer("second"), /second: missing/, 5);
});

test("an unexpected tag, a high tag number and bytes too many are refused where they stand", () => {
  refuses(() => fromHex("0401ff").integer("x"), /unexpected tag 0x04, expected 0x02/, 0);
  refuses(() => fromHex("1f8101ff").element("x"), /unexpected tag 0x1f/, 0);
  const list = fromHex("30050201050000").enter(tag.sequence, "list");
  list.integer("number");
  refuses(() => list.finish("list"), /2 bytes too many/, 5);
});

test("times that do not exist or have another form are refused", () => {
  for (const text of [
    "230229000000Z",
    "230100000000Z",
    "231301000000Z",
    "230101240000Z",
    "230101006000Z",
    "230101000060Z",
    "2301010000Z",
    "230101000000+0100",
    "23010100000aZ",
  ]) {
    refuses(() => readTime(reader(tlv(tag.utcTime, text)), "t"), /time/, 0);
  }
  for (const text of ["20230101000000.5Z", "20230101000000", "230101000000Z"]) {
    refuses(() => readTime(reader(tlv(tag.generalizedTime, text)), "t"), /time/, 0);
  }
  assert.equal(readTime(reader(tlv(tag.utcTime, "500101000000Z")), "t").getUTCFullYear(), 1950);
  assert.equal(
    readTime(reader(tlv(tag.utcTime, "240229000000Z")), "t").toISOString(),
    "2024-02-29T00:00:00.000Z",
  );
});
