import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { example, runProgram } from "./run-program.ts";

// From conformance/dist/drawbar, where this file runs.
const person = fileURLToPath(new URL("../../drawbar/at-terminal.py", import.meta.url));

/** Runs examples/password's host at a pseudo-terminal, and types when the plugin asks. */
function atTerminal(keys: string) {
  return runProgram(["python3", person, "Password for ada: ", keys, example("password/host")], process.cwd());
}

describe("a plugin at its host's terminal", () => {
  it("asks a person for a password, which is not shown, and corrects it", async () => {
    const { code, stdout, stderr } = await atTerminal("sesamX\u007fe\r");
    assert.equal(code, 0, stderr + stdout);
    assert.ok(stdout.startsWith("Password for ada: "));
    assert.ok(stdout.includes("******\b \b*"), stdout);
    assert.match(stdout, /^.*ada's password has 6 characters\r$/m);
    assert.doesNotMatch(stdout, /sesam/);
  });

  it("takes Ctrl-C for no answer, and goes on", async () => {
    const { code, stdout } = await atTerminal("ses\u0003");
    assert.equal(code, 1, stdout);
    assert.match(stdout, /no password was given\r$/m);
  });

  it("says so where there is no terminal", async () => {
    const { code, stderr } = await runProgram([example("password/host")], process.cwd());
    assert.equal(code, 1);
    assert.match(stderr, /a password can only be asked for at a terminal/);
  });
});
