import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { StringValueSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@drawbar/grpc";
import { fromProtobuf, messageCodec } from "@drawbar/grpc/protobuf";
import fc from "fast-check";
import { Color, EverythingSchema, KeyValueSchema } from "./gen/echo_pb.ts";
import { echo, rig } from "./support/rig.ts";

type Init = MessageInitShape<typeof EverythingSchema>;

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
// What is long is a piece many times over: making it by the character takes longer than all that is tested.
const times = fc.nat(25);
const word = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme" }),
  fc.tuple(fc.string({ minLength: 8, maxLength: 12 }), times).map(([piece, n]) => piece.repeat(n)),
);
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 8 }), times)
  .map(([piece, n]) => new Uint8Array(Buffer.alloc(n * piece.length, piece)));

function messages(depth: number): fc.Arbitrary<Init> {
  const inner = depth === 0 ? fc.constant({}) : messages(depth - 1);
  return fc.record(
    {
      aDouble: fc.double(),
      aFloat: fc.float(),
      anInt32: int32,
      anInt64: int64,
      aUint32: uint32,
      aUint64: uint64,
      aSint32: int32,
      aSint64: int64,
      aFixed32: uint32,
      aFixed64: uint64,
      aSfixed32: int32,
      aSfixed64: int64,
      aBool: fc.boolean(),
      aString: word,
      someBytes: bytes,
      color: fc.constantFrom(Color.UNSPECIFIED, Color.RED, Color.BLUE, 77 as Color),
      inner: fc.option(inner, { nil: undefined }),
      strings: fc.array(word, { maxLength: 4 }),
      chunks: fc.array(bytes, { maxLength: 4 }),
      numbers: fc.array(int32, { maxLength: 100 }),
      list: fc.array(inner, { maxLength: 2 }),
      byName: fc.dictionary(word, bytes, { maxKeys: 4, noNullPrototype: true }),
      byNumber: fc.dictionary(int32.map(String), inner, { maxKeys: 2, noNullPrototype: true }),
      choice: fc.oneof(
        fc.constant({ case: undefined }),
        word.map((value) => ({ case: "text" as const, value })),
        uint32.map((value) => ({ case: "number" as const, value })),
        inner.map((value) => ({ case: "more" as const, value })),
      ),
      maybe: fc.option(word, { nil: undefined }),
      perhaps: fc.option(fc.boolean(), { nil: undefined }),
    },
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<Init>;
}

// A level more makes a message six times as large: it is for some.
const everything = fc.oneof({ weight: 2, arbitrary: messages(1) }, { weight: 1, arbitrary: messages(2) });

const codec = messageCodec(EverythingSchema);

function outcome(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (error) {
    return { error: String(error) };
  }
}

describe("messageCodec", () => {
  test("encodes messages and what create takes to the library's very bytes", () => {
    fc.assert(
      fc.property(everything, (init) => {
        const message = create(EverythingSchema, init);
        const expected = Buffer.from(toBinary(EverythingSchema, message)).toString("hex");
        assert.equal(Buffer.from(codec.encode(message)).toString("hex"), expected);
        assert.equal(Buffer.from(codec.encode(init)).toString("hex"), expected);
      }),
      { numRuns: 150 },
    );
  });

  test("decodes to the library's very messages, which do not change with the bytes they came from", () => {
    fc.assert(
      fc.property(everything, (init) => {
        const encoded = toBinary(EverythingSchema, create(EverythingSchema, init));
        const expected = fromBinary(EverythingSchema, encoded.slice());
        const decoded = codec.decode(encoded);
        encoded.fill(0xee);
        assert.deepEqual(decoded, expected);
        assert.deepEqual(Object.keys(decoded), Object.keys(expected));
      }),
      { numRuns: 150 },
    );
  });

  test("bytes that were damaged are decoded, or refused, as the library does", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    // Making a message takes longer than comparing what becomes of it, so each is damaged in a few ways.
    const ways = fc.array(damage, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(everything, ways, (init, damages) => {
        const whole = toBinary(EverythingSchema, create(EverythingSchema, init));
        for (const damage of damages) {
          const encoded = whole.slice();
          for (const [at, value] of damage) if (encoded.length > 0) encoded[at % encoded.length] = value;
          assert.deepEqual(
            outcome(() => codec.decode(encoded)),
            outcome(() => fromBinary(EverythingSchema, encoded)),
          );
        }
      }),
    );
  });

  test("random bytes are decoded, or refused, as the library does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (random) => {
        assert.deepEqual(
          outcome(() => codec.decode(random)),
          outcome(() => fromBinary(EverythingSchema, random)),
        );
      }),
      { numRuns: 1500 },
    );
  });

  test("fields that are not known are kept, and written again", () => {
    const extended = Buffer.concat([
      toBinary(KeyValueSchema, create(KeyValueSchema, { key: "k" })),
      Buffer.from("9a060161", "hex"),
    ]);
    const codecOfKeyValue = messageCodec(KeyValueSchema);
    const decoded = codecOfKeyValue.decode(extended);
    assert.equal(decoded.$unknown?.length, 1);
    assert.deepEqual(Buffer.from(codecOfKeyValue.encode(decoded)), extended);
  });

  test("values of the wrong type or out of range are refused in the library's words", () => {
    const wrong: readonly unknown[] = [
      { anInt32: 1.5 },
      { anInt32: 2 ** 31 },
      { aUint32: -1 },
      { anInt32: "5x" },
      { anInt64: 2n ** 63n },
      { aUint64: -1n },
      { aFloat: 1e300 },
      { someBytes: "text" },
      { numbers: [1, "x"] },
      { byNumber: { x: {} } },
      { inner: create(KeyValueSchema) },
      { aBool: 7n, strings: 5 },
    ];
    for (const value of wrong as Init[]) {
      const expected = outcome(() => toBinary(EverythingSchema, create(EverythingSchema, value)));
      assert.deepEqual(
        outcome(() => codec.encode(value)),
        expected,
      );
    }
  });

  test("what the library lets pass, passes: numbers in strings, arrays as bytes, other maps' keys", () => {
    const lenient: readonly unknown[] = [
      { anInt64: "5", aUint64: 7 },
      { someBytes: [1, 2, 3] },
      { anInt32: "12" },
      { byName: { ["__proto__"]: new Uint8Array(1) } },
    ];
    for (const value of lenient as Init[]) {
      const expected = toBinary(EverythingSchema, create(EverythingSchema, value));
      assert.deepEqual(Buffer.from(codec.encode(value)), Buffer.from(expected));
      assert.deepEqual(codec.decode(expected), fromBinary(EverythingSchema, expected));
    }
  });

  test("messages of other kinds than proto3's plain ones are the library's", () => {
    const check = <Desc extends DescMessage>(desc: Desc, init: MessageInitShape<Desc>): void => {
      const expected = toBinary(desc, create(desc, init));
      assert.deepEqual(Buffer.from(messageCodec(desc).encode(init)), Buffer.from(expected));
      assert.deepEqual(messageCodec(desc).decode(expected), fromBinary(desc, expected));
    };
    check(TimestampSchema, { seconds: 5n, nanos: 7 });
    check(StringValueSchema, { value: "x" });
  });

  test("a message deeper than the library goes is refused as the library does", () => {
    let encoded = new Uint8Array();
    for (let depth = 0; depth < 150; depth++) {
      encoded = Uint8Array.from([0x8a, 0x01, ...lengthOf(encoded.length), ...encoded]);
      assert.deepEqual(
        outcome(() => codec.decode(encoded)),
        outcome(() => fromBinary(EverythingSchema, encoded)),
      );
    }
  });

  test("a message larger than its output's slabs comes out whole, and those before it stay as they were", () => {
    const kept: [Uint8Array, Uint8Array][] = [];
    for (let i = 0; i < 50; i++) {
      const init: Init = { aString: "x".repeat(i), someBytes: new Uint8Array(i * 5000).fill(i) };
      kept.push([codec.encode(init), toBinary(EverythingSchema, create(EverythingSchema, init))]);
    }
    for (const [encoded, expected] of kept) assert.deepEqual(Buffer.from(encoded), Buffer.from(expected));
  });
});

function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
}

describe("fromProtobuf", () => {
  test("keeps names, paths and kinds", () => {
    assert.equal(echo.name, "drawbar.test.Echo");
    assert.deepEqual(
      Object.entries(echo.methods).map(([name, { path, kind }]) => [name, path, kind]),
      [
        ["say", "/drawbar.test.Echo/Say", "unary"],
        ["collect", "/drawbar.test.Echo/Collect", "client_streaming"],
        ["expand", "/drawbar.test.Echo/Expand", "server_streaming"],
        ["chat", "/drawbar.test.Echo/Chat", "bidi_streaming"],
      ],
    );
  });

  test("keeps types: the compiler knows methods, kinds and messages", () => {
    const { channel } = rig({});
    const client = createClient(echo, channel);
    // Never run: what matters is that each line does, or does not, compile.
    const compiles = async (): Promise<void> => {
      const reply = await client.say({ key: "k", value: new Uint8Array() });
      const key: string = reply.key;
      for await (const { value } of client.expand({ key })) value satisfies Uint8Array;
      (await client.collect([{ key }])).key satisfies string;
      client.chat([create(KeyValueSchema)]) satisfies AsyncIterableIterator<typeof reply>;
      // @ts-expect-error: no such method
      client.sing({});
      // @ts-expect-error: no such field
      client.say({ keys: "k" });
      // @ts-expect-error: a stream of requests is expected
      client.collect({ key: "k" });
      // @ts-expect-error: a promise is no stream
      for await (const _ of client.say({}));
      rig({
        // @ts-expect-error: no such method
        sing: () => ({}),
      });
      rig({
        // @ts-expect-error: the reply's key is text
        say: () => ({ key: 5 }),
      });
      // @ts-expect-error: messages are no services
      fromProtobuf(KeyValueSchema);
    };
    assert.equal(typeof compiles, "function");
  });
});
