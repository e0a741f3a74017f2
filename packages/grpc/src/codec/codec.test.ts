import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isGrpcContentType } from "./content-type.ts";
import { percentDecode, percentEncode } from "./percent-encoding.ts";
import { decodeTimeout, encodeTimeout, longestTimeoutMs } from "./timeout.ts";

// fast-check's unit "binary" is the same, and takes more than a second to make.
const codePoint = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((value) => String.fromCodePoint(value));

describe("grpc-message percent encoding", () => {
  test("any well-formed text comes back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(percentDecode(percentEncode(text)), text);
      }),
    );
  });

  test("what is sent is printable ASCII with percent signs only as escapes", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        assert.match(percentEncode(text), /^(?:[\x20-\x24\x26-\x7e]|%[0-9A-F]{2})*$/);
      }),
    );
  });

  test("the special message of the interop suite is sent as grpc-go sends it", () => {
    const text = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    const encoded =
      "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A";
    assert.equal(percentEncode(text), encoded);
    assert.equal(percentDecode(encoded), text);
  });

  test("what is no escape is kept as it is, and bytes that are not UTF-8 are replaced", () => {
    assert.equal(percentDecode("100%"), "100%");
    assert.equal(percentDecode("%zz%4"), "%zz%4");
    assert.equal(percentDecode("a%FFb"), "a\ufffdb");
  });
});

describe("grpc-timeout", () => {
  test("whole milliseconds are sent as such", () => {
    assert.equal(encodeTimeout(5000), "5000m");
    assert.equal(encodeTimeout(1), "1m");
  });

  test("fractions go out in the finest unit that fits eight digits", () => {
    assert.equal(encodeTimeout(0.5), "500000n");
    assert.equal(encodeTimeout(1500.25), "1500250u");
    assert.equal(encodeTimeout(0.3), "300000n");
  });

  test("long ones go out in coarser units, rounded up", () => {
    assert.equal(encodeTimeout(100_000_000), "100000S");
    assert.equal(encodeTimeout(1e12), "16666667M");
    assert.equal(encodeTimeout(Number.MAX_VALUE), "99999999H");
  });

  test("none that is left is zero", () => {
    assert.equal(encodeTimeout(0), "0n");
    assert.equal(encodeTimeout(-5), "0n");
  });

  test("what is sent is never shorter than what was asked for, and at most a part in 10^5 longer", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: longestTimeoutMs, noNaN: true }), (timeoutMs) => {
        const received = decodeTimeout(encodeTimeout(timeoutMs));
        assert.ok(received !== undefined);
        assert.ok(received >= timeoutMs * (1 - 1e-9), `${timeoutMs} became ${received}`);
        assert.ok(received <= timeoutMs * (1 + 1e-5) + 1e-6, `${timeoutMs} became ${received}`);
      }),
    );
  });

  test("all six units are understood", () => {
    const expected = { "2H": 7_200_000, "3M": 180_000, "4S": 4000, "5m": 5, "6u": 0.006, "7n": 0.000_007 };
    for (const [text, ms] of Object.entries(expected))
      assert.ok(Math.abs((decodeTimeout(text) ?? -1) - ms) < 1e-12);
  });

  test("nine digits, no digits, no unit, signs and unknown units are malformed", () => {
    for (const text of ["123456789S", "S", "5", "-1S", "+1S", "1.5S", "5s", "5 S", ""]) {
      assert.equal(decodeTimeout(text), undefined, text);
    }
  });
});

describe("content-type", () => {
  test("gRPC's, with any message format or parameters, is accepted", () => {
    for (const value of ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"]) {
      assert.equal(isGrpcContentType(value), true, value);
    }
    assert.equal(isGrpcContentType("Application/GRPC+json"), true);
  });

  test("anything else is not, gRPC-Web included", () => {
    for (const value of ["application/grpc-web", "application/grpcx", "text/html", "", undefined]) {
      assert.equal(isGrpcContentType(value), false, value);
    }
  });
});
