import assert from "node:assert/strict";
import { test } from "node:test";
import { DrawbarError, isDrawbarError, toError } from "./errors.ts";

class PluginGoneError extends DrawbarError {}

test("an error carries code, facts and cause, and the name of its class", () => {
  const cause = new Error("EPIPE");
  const error = new PluginGoneError("plugin-gone", "the plugin is gone", { cause, facts: { exitCode: 3 } });
  assert.equal(error.code, "plugin-gone");
  assert.deepEqual(error.facts, { exitCode: 3 });
  assert.equal(error.cause, cause);
  assert.equal(error.name, "PluginGoneError");
  assert.match(String(error), /^PluginGoneError: the plugin is gone$/);
  assert.equal(error instanceof Error, true);
});

test("an error without a cause has none, not an undefined one", () => {
  assert.equal("cause" in new DrawbarError("x", "y"), false);
  assert.deepEqual(new DrawbarError("x", "y").facts, {});
});

test("an error of another copy of the package is recognised by its brand", () => {
  const foreign = Object.defineProperty(new Error("other copy"), Symbol.for("drawbar.error"), {
    value: true,
  });
  assert.equal(isDrawbarError(foreign), true);
  assert.equal(isDrawbarError(new DrawbarError("x", "y")), true);
  assert.equal(isDrawbarError(new Error("plain")), false);
  assert.equal(isDrawbarError({ code: "x" }), false);
  assert.equal(isDrawbarError(undefined), false);
});

test("anything thrown becomes an Error that shows it", () => {
  const error = new Error("as it was");
  assert.equal(toError(error), error);
  assert.equal(toError("text").message, "text");
  assert.equal(toError("text").cause, "text");
  assert.equal(toError(undefined).message, "undefined");
});
