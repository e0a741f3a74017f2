import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeConfig, decodeState, encodeConfig, encodeState } from "./config-json.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a configuration comes back as JSON has it: integers as numbers, bytes as text", () => {
  const config = { text: "a", big: 3_600_000_000_000n, bytes: bytes("72h"), deep: { list: [1, null] } };
  assert.deepEqual(decodeConfig(encodeConfig(config)), {
    text: "a",
    big: 3_600_000_000_000,
    bytes: "72h",
    deep: { list: [1, null] },
  });
});

test("nothing and null are an empty configuration, anything but an object is refused without quoting it", () => {
  assert.deepEqual(decodeConfig(new Uint8Array(0)), {});
  assert.deepEqual(decodeConfig(bytes("null")), {});
  for (const text of ['"hvs.secret"', '["hvs.secret"]', '{"Token": "hvs.secret"', "\u0000"]) {
    assert.throws(
      () => decodeConfig(bytes(text)),
      (error: Error) => {
        assert.equal((error as { code?: string }).code, "ca-config-invalid");
        assert.ok(!error.message.includes("secret"));
        return true;
      },
    );
  }
  assert.throws(() => decodeConfig(Uint8Array.of(0xff)), { code: "ca-config-invalid" });
});

test("a state comes back with its texts; none is null", () => {
  assert.deepEqual(decodeState(encodeState({ a: "b" })), { a: "b" });
  assert.equal(decodeState(encodeState(null)), null);
  assert.equal(decodeState(new Uint8Array(0)), null);
  assert.deepEqual(decodeState(bytes('{"a": "b", "c": 1}')), { a: "b" });
});
