import assert from "node:assert/strict";
import { test } from "node:test";
import { endedExitCode, exitCode } from "./exit-code.ts";
import { Interruption } from "./interruption.ts";

test("the codes are those that shells and other tools use", () => {
  assert.deepEqual(exitCode, { ok: 0, failed: 1, usage: 2 });
  assert.equal(endedExitCode(new Interruption("SIGTERM")), 143);
  assert.equal(endedExitCode(undefined), 130);
});
