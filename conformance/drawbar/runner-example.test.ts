import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { it } from "node:test";
import { example, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

it("a runner starts a plugin as another user or in a namespace, where the machine allows it", async () => {
  using folder = scratchFolder();
  const { code, stdout, stderr } = await runProgram([example("runner/host")], folder.path);
  assert.equal(code, 0, stderr);
  const expected =
    process.getuid?.() === 0
      ? /^as another user: uid 65534, gid 65534\n$/
      : /^(in a user namespace of its own: uid 0, gid 0|not set apart .*: uid \d+, gid \d+)\n$/;
  assert.match(stdout, expected);
  assert.deepEqual(readdirSync(folder.path), []);
});
