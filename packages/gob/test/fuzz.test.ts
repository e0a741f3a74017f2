import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzDecoder } from "./fuzz-decoder.ts";

test("damaged streams end in values or in GobErrors, never in anything else", () => {
  const report = fuzzDecoder(5000, 20_240_229);
  const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
  assert.equal(report.runs, 5000);
  assert.ok(refused > 1000, `only ${refused} of the streams were refused`);
  assert.ok(report.decodedValues > 500, `only ${report.decodedValues} values were decoded`);
});
