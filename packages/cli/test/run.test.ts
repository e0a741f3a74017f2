import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

test("an unknown command is a wrong command line: exit code 2, and a word on where help is", async () => {
  const context = new RecordingContext();
  assert.equal(await run(["frobnicate"], context), 2);
  assert.match(context.stderr, /drawbar --help/);
});

test("--help is no failure, and states the exit codes", async () => {
  const context = new RecordingContext();
  assert.equal(await run(["--help"], context), 0);
  assert.match(context.stdout, /Exit codes: 0 done, 1 failed, 2 wrong command line/);
});
