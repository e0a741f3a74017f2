import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeBinaryValues, encodeBinaryValue } from "./binary-value.ts";
import { Metadata } from "./metadata.ts";

describe("Metadata", () => {
  test("names are case-insensitive, and a name keeps all its values in order", () => {
    const metadata = new Metadata({ "X-Id": ["1", "2"] }).append("x-id", "3");
    assert.equal(metadata.get("x-ID"), "1");
    assert.deepEqual(metadata.getAll("x-id"), ["1", "2", "3"]);
    assert.deepEqual(metadata.set("x-id", "4").getAll("x-id"), ["4"]);
    metadata.delete("X-ID");
    assert.equal(metadata.has("x-id"), false);
    assert.equal(metadata.size, 0);
  });

  test("it can be made from entries, from a record and from metadata, which it copies", () => {
    const first = new Metadata([
      ["a", "1"],
      ["a", "2"],
      ["b-bin", Uint8Array.of(7)],
    ]);
    const copy = new Metadata(first);
    first.delete("a");
    assert.deepEqual(
      [...copy],
      [
        ["a", "1"],
        ["a", "2"],
        ["b-bin", Uint8Array.of(7)],
      ],
    );
  });

  test("bytes come back from -bin names as they were, through padding and joining", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array(), { minLength: 1 }), fc.boolean(), (values, padded) => {
        const joined = values
          .map((bytes) => (padded ? Buffer.from(bytes).toString("base64") : encodeBinaryValue(bytes)))
          .join(",");
        assert.deepEqual(Metadata.fromHeaders(["x-bin", joined]).getAllBinary("x-bin"), values);
        const sent = new Metadata({ "x-bin": values });
        assert.deepEqual(Metadata.fromHeaders(sent.toHeaders()).getAllBinary("x-bin"), values);
      }),
    );
  });

  test("sent bytes have no padding", () => {
    assert.equal(encodeBinaryValue(Uint8Array.of(1)), "AQ");
    assert.deepEqual(decodeBinaryValues("AQ=="), [Uint8Array.of(1)]);
  });

  test("a received -bin value that is not base64 is an error when it is looked at", () => {
    for (const text of ["a", "a*b=", "abcde", "AQ==AQ"]) {
      const metadata = Metadata.fromHeaders(["x-bin", text]);
      assert.throws(() => metadata.getBinary("x-bin"), { code: "grpc-invalid-metadata", message: /base64/ });
    }
  });

  test("headers that belong to gRPC and HTTP/2 are not shown", () => {
    const headers = [
      ":path",
      "/a/b",
      "te",
      "trailers",
      "content-type",
      "application/grpc",
      "grpc-timeout",
      "1S",
    ];
    const shown = ["user-agent", "x", "grpc-trace-bin", "AQ", "x-mine", "1"];
    assert.deepEqual(Metadata.fromHeaders([...headers, ...shown]).toHeaders(), shown);
  });

  test("names that are reserved or malformed are refused with the reason", () => {
    for (const name of ["grpc-status", "Grpc-Anything", ":path", "content-type", "te", "connection"]) {
      assert.throws(() => new Metadata().set(name, "1"), {
        code: "grpc-invalid-metadata",
        message: /reserved/,
      });
    }
    for (const name of ["", "with space", "ümlaut", "a:b"]) {
      assert.throws(() => new Metadata().set(name, "1"), {
        code: "grpc-invalid-metadata",
        message: /may hold only/,
      });
    }
  });

  test("values that cannot be sent are refused with what can", () => {
    const metadata = new Metadata();
    assert.throws(() => metadata.set("a", "line\nbreak"), {
      code: "grpc-invalid-metadata",
      message: /"-bin"/,
    });
    assert.throws(() => metadata.set("a", "ü"), {
      code: "grpc-invalid-metadata",
      message: /printable ASCII/,
    });
    assert.throws(() => metadata.set("a", Uint8Array.of(1)), { message: /takes text/ });
    assert.throws(() => metadata.set("a-bin", "text"), { message: /takes bytes/ });
    assert.equal(metadata.size, 0);
  });
});
