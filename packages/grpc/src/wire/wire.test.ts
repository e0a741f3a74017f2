import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

describe("WireWriter and WireReader", () => {
  test("fields come back as they were written", () => {
    const everything = fc.record(
      {
        count: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        delta: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        flag: fc.boolean(),
        text: fc.string({ unit: "grapheme" }),
        bytes: fc.uint8Array({ maxLength: 1000 }),
        names: fc.array(fc.string()),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(everything, (value) => {
        const writer = new WireWriter();
        writer.uint32(1, value.count).int32(2, value.delta).bool(3, value.flag).string(4, value.text);
        writer
          .bytes(5, value.bytes)
          .repeatedString(600, value.names)
          .message(7, (inner) => inner.uint32(1, 9));
        const names: string[] = [];
        const read = {
          count: 0,
          delta: 0,
          flag: false,
          text: "",
          bytes: new Uint8Array() as Uint8Array,
          names,
        };
        const reader = new WireReader(writer.finish());
        let inner = 0;
        for (let field = reader.next(); field !== 0; field = reader.next()) {
          if (field === 1) read.count = reader.uint32();
          else if (field === 2) read.delta = reader.int32();
          else if (field === 3) read.flag = reader.bool();
          else if (field === 4) read.text = reader.string();
          else if (field === 5) read.bytes = reader.bytes();
          else if (field === 600) names.push(reader.string());
          else {
            const message = reader.message();
            message.next();
            inner = message.uint32();
          }
        }
        assert.deepEqual(read, value);
        assert.equal(inner, 9);
      }),
    );
  });

  test("fields of all wire types are passed over, groups in groups included", () => {
    // varint 1, i64 2, bytes 3, group 4 { varint 1, group 2 {} }, i32 5, then varint 6 = 42.
    const parts = Buffer.concat([
      Buffer.from("089601", "hex"),
      Buffer.from("110102030405060708", "hex"),
      Buffer.from("1a026162", "hex"),
      Buffer.from("230801131424", "hex"),
      Buffer.from("2d01020304", "hex"),
      Buffer.from("302a", "hex"),
    ]);
    const reader = new WireReader(parts);
    const fields: number[] = [];
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      fields.push(field);
      if (field === 6) assert.equal(reader.uint32(), 42);
      else reader.skip();
    }
    assert.deepEqual(fields, [1, 2, 3, 4, 5, 6]);
  });

  test("random bytes are read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const reader = new WireReader(bytes);
          for (let field = reader.next(); field !== 0; field = reader.next()) reader.skip();
        } catch (error) {
          assert.equal((error as { code?: string }).code, "grpc-malformed-protobuf");
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a length beyond the end, an endless varint and bottomless groups are refused", () => {
    const refuse = (bytes: Uint8Array, message: RegExp): void => {
      const reader = new WireReader(bytes);
      reader.next();
      assert.throws(() => reader.skip(), { code: "grpc-malformed-protobuf", message });
    };
    refuse(Uint8Array.of(0x0a, 0x05, 0x01), /declared/);
    refuse(Uint8Array.of(0x08, ...new Array<number>(11).fill(0x80)), /varint/);
    refuse(new Uint8Array(500).fill(0x0b), /nest deeper/);
  });
});
