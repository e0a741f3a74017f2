import assert from "node:assert/strict";
import { test } from "node:test";
import { DrawbarError } from "@drawbar/io";
import { advised } from "./advise.ts";
import type { TargetFlags } from "./target-flags.ts";

const flags: TargetFlags = { startTimeout: 1000 };

function advice(code: string, facts: Readonly<Record<string, unknown>>, given: TargetFlags = flags): unknown {
  const error = advised(new DrawbarError(code, "it failed", { facts }), given);
  assert.ok(error instanceof DrawbarError);
  return error.facts["advice"];
}

test("a plugin that ends without a word, or says that it is one, is told the flag for its cookie", () => {
  const early = "plugin-exited-early";
  assert.match(String(advice(early, { exitCode: 0, stdout: [], stderr: [] })), /give it with --cookie/);
  const words = { exitCode: 1, stdout: [], stderr: ["This binary is a plugin. These are not …"] };
  assert.match(String(advice(early, words)), /give it with --cookie/);
  assert.match(String(advice(early, words, { ...flags, cookie: ["A", "b"] })), /does not take A for/);
});

test("a crash, and what explains itself, gets no advice", () => {
  const crash = { exitCode: null, signal: "SIGSEGV", stdout: [], stderr: [] };
  assert.equal(advice("plugin-exited-early", crash), undefined);
  assert.equal(advice("plugin-exited-early", { exitCode: 1, stdout: [], stderr: ["no disk"] }), undefined);
  const other = new Error("of another kind");
  assert.equal(advised(other, flags), other);
});

test("a plugin that prints instead of serving is told where to print; a script without #! is told so", () => {
  assert.match(String(advice("start-timeout", { stdout: ["hello"], stderr: [] })), /print to stderr instead/);
  assert.match(String(advice("start-timeout", { stdout: [], stderr: [] })), /--start-timeout/);
  const shell = { exitCode: 127, stdout: [], stderr: ["plugin: 1: just: not found"] };
  assert.match(String(advice("plugin-exited-early", shell)), /needs a first line such as/);
});

test("the advice stands under the message, for people", () => {
  const error = advised(new DrawbarError("multiplex-not-supported", "it cannot"), flags);
  assert.ok(error instanceof DrawbarError);
  assert.equal(
    error.message,
    "it cannot\nadvice: the plugin has no broker multiplexing: try without --multiplex",
  );
});
