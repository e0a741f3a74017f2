import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { prefixBytes, writePrefix } from "./message-prefix.ts";
import { MessageReader } from "./message-reader.ts";

const limit = { bytes: 1000, option: "maxReceiveMessageBytes of the Test" };

function frame(body: Uint8Array, compressed: boolean): Uint8Array {
  const bytes = new Uint8Array(prefixBytes + body.length);
  bytes.set(body, prefixBytes);
  writePrefix(bytes, compressed);
  return bytes;
}

// The prefix of a message that is not there.
function prefixOf(length: number): Uint8Array {
  const bytes = new Uint8Array(prefixBytes);
  new DataView(bytes.buffer).setUint32(1, length);
  return bytes;
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

describe("MessageReader", () => {
  test("messages come out as they went in, however the bytes are cut", () => {
    const message = fc.record(
      { body: fc.uint8Array({ maxLength: 300 }), compressed: fc.boolean() },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(2500)), (messages, cuts) => {
        const bytes = join(messages.map(({ body, compressed }) => frame(body, compressed)));
        const reader = new MessageReader(limit);
        const seen: { body: Uint8Array; compressed: boolean }[] = [];
        let wire = 0;
        const offsets = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        for (let i = 1; i < offsets.length; i++) {
          // A chunk's memory is used again once the call is over, as a socket's is.
          const chunk = bytes.slice(offsets[i - 1], offsets[i]);
          reader.read(chunk, (whole, start, end, isCompressed) => {
            seen.push({ body: whole.slice(start, end), compressed: isCompressed });
            wire += prefixBytes + end - start;
          });
          chunk.fill(0xee);
        }
        assert.deepEqual(seen, messages);
        assert.equal(wire, bytes.length);
        assert.equal(reader.unfinished, false);
      }),
    );
  });

  test("a message within one chunk is handed on where it lies", () => {
    const bytes = frame(Uint8Array.of(1, 2, 3), false);
    new MessageReader(limit).read(bytes, (whole) => assert.equal(whole, bytes));
  });

  test("a length over the limit fails at the prefix, before a byte of it has come", () => {
    const reader = new MessageReader(limit);
    const prefix = prefixOf(1001);
    reader.read(prefix.subarray(0, 4), () => assert.fail());
    assert.throws(() => reader.read(prefix.subarray(4), () => assert.fail()), {
      code: "grpc-resource-exhausted",
      message: /1001 bytes.*1000 bytes.*maxReceiveMessageBytes of the Test/,
    });
  });

  test("a length of almost 4 GiB is a length, not a negative number", () => {
    assert.throws(() => new MessageReader(limit).read(prefixOf(2 ** 32 - 1), () => assert.fail()), {
      code: "grpc-resource-exhausted",
      message: /4294967295 bytes/,
    });
  });

  test("a declared length is not allocated before bytes of it come", () => {
    const reader = new MessageReader({ bytes: 2 ** 31, option: "x" });
    const before = process.memoryUsage().arrayBuffers;
    for (const byte of prefixOf(2 ** 30)) reader.read(Uint8Array.of(byte), () => assert.fail());
    reader.read(Uint8Array.of(1), () => assert.fail());
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
    assert.equal(reader.unfinished, true);
  });

  test("a flag that is neither 0 nor 1 is an error", () => {
    assert.throws(() => new MessageReader(limit).read(Uint8Array.of(2, 0, 0, 0, 0), () => assert.fail()), {
      code: "grpc-internal",
      message: /flag 2/,
    });
  });
});
