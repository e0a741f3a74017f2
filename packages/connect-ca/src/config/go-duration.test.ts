import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { formatGoDuration, goDurationToMs, hour, parseGoDuration } from "./go-duration.ts";

interface Vector {
  readonly text: string;
  readonly ns?: string;
  readonly string?: string;
  readonly error?: string;
}

// Made by test/vectors/go-duration.go.
const vectors = JSON.parse(
  readFileSync(new URL("../../test/vectors/go-duration.json", import.meta.url), "utf8"),
) as Vector[];

test("every text parses to Go's nanoseconds and prints as Go prints it, or fails with Go's words", () => {
  for (const vector of vectors) {
    if (vector.error !== undefined) {
      assert.throws(() => parseGoDuration(vector.text), {
        code: "ca-config-invalid",
        message: vector.error,
      });
      continue;
    }
    const duration = parseGoDuration(vector.text);
    assert.equal(duration.toString(), vector.ns, vector.text);
    assert.equal(formatGoDuration(duration), vector.string, vector.text);
  }
});

test("what is printed parses back to the same duration", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (duration) => {
      assert.equal(parseGoDuration(formatGoDuration(duration)), duration);
    }),
  );
});

test("an absurdly long number is refused without being computed", () => {
  assert.throws(() => parseGoDuration(`${"9".repeat(1_000_000)}h`), { code: "ca-config-invalid" });
});

test("ten years in milliseconds are exact", () => {
  assert.equal(goDurationToMs(87600n * hour), 315_360_000_000);
});
