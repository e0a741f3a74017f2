import assert from "node:assert/strict";
import { test } from "node:test";
import { InstallError } from "@drawbar/install";
import { isDrawbarError } from "@drawbar/io";

test("an InstallError is a DrawbarError with a stable code", () => {
  const error = new InstallError("not-found", "there is no plugin kv");
  assert.ok(isDrawbarError(error));
  assert.equal(error.code, "not-found");
});
