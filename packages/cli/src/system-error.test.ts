import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asSystemError } from "./system-error.ts";

test("what the system refuses is told with the path, its words, and what to do", () => {
  try {
    readFileSync("/nowhere/at, all");
    assert.fail("there is such a file");
  } catch (error) {
    const told = asSystemError(error);
    assert.equal(told?.code, "ENOENT");
    assert.equal(told?.message, "/nowhere/at, all: no such file or directory; check the path");
    assert.deepEqual(told?.facts, { syscall: "open", path: "/nowhere/at, all" });
  }
});

test("a fault of the program is no error of the system", () => {
  assert.equal(asSystemError(new TypeError("x is not a function")), undefined);
});
