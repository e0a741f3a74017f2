import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackError } from "./hpack-error.ts";
import { maxDecodedLength, readHuffman } from "./huffman-decoder.ts";
import { huffmanLength, writeHuffman } from "./huffman-encoder.ts";

function encode(text: string): Buffer {
  const target = Buffer.alloc(huffmanLength(text));
  assert.equal(writeHuffman(target, 0, text), target.length);
  return target;
}

function decode(bytes: Uint8Array): string {
  const target = Buffer.alloc(maxDecodedLength(bytes.length));
  return target.toString("latin1", 0, readHuffman(bytes, 0, bytes.length, target));
}

test("the strings of RFC 7541 C.4 and C.6 have the code given there", () => {
  assert.equal(encode("www.example.com").toString("hex"), "f1e3c2e5f23a6ba0ab90f4ff");
  assert.equal(encode("no-cache").toString("hex"), "a8eb10649cbf");
  assert.equal(
    encode("Mon, 21 Oct 2013 20:13:21 GMT").toString("hex"),
    "d07abe941054d444a8200595040b8166e082a62d1bff",
  );
});

test("every string of octets comes back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      const text = Buffer.from(octets).toString("latin1");
      assert.equal(decode(encode(text)), text);
    }),
  );
});

test("every octet, short code or long, comes back at every bit position", () => {
  for (let octet = 0; octet < 256; octet++) {
    for (const before of ["", "0", "00", "000", "0000", "00000", "000000", "0000000"]) {
      const text = before + String.fromCharCode(octet);
      assert.equal(decode(encode(text)), text);
    }
  }
});

test("random bytes decode or are refused with HpackError, and what decodes is its only code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      let text: string;
      try {
        text = decode(bytes);
      } catch (error) {
        assert.ok(error instanceof HpackError);
        return;
      }
      assert.deepEqual(new Uint8Array(encode(text)), bytes);
    }),
    { numRuns: 2000 },
  );
});

test("padding longer than 7 bits, of zeros, and the end-of-string symbol are refused", () => {
  assert.throws(() => decode(Buffer.from("1fff", "hex")), HpackError);
  assert.throws(() => decode(Buffer.from("18", "hex")), HpackError);
  assert.throws(() => decode(Buffer.from("fffffffc", "hex")), HpackError);
  assert.throws(() => decode(Buffer.from("ff", "hex")), HpackError);
});
