import assert from "node:assert/strict";
import { test } from "node:test";
import { thisPlatform } from "./platform.ts";

test("a platform has Go's words, not node's", () => {
  const { os, arch } = thisPlatform();
  assert.ok(!["win32", "sunos"].includes(os));
  assert.ok(!["x64", "ia32"].includes(arch));
});
