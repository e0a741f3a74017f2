import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCode } from "./exit-code.ts";

test("the codes are those that shells and other tools use", () => {
  assert.deepEqual(exitCode, { ok: 0, failed: 1, usage: 2, interrupted: 130 });
});
