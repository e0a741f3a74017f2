import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

async function drawbar(args: readonly string[], colors = false) {
  const context = new RecordingContext({ cwd: "/nowhere", colors });
  const code = await run(args, context);
  return { code, out: context.stdout, err: context.stderr };
}

test("a wrong command line is exit code 2, and one sentence that says what is wrong and where help is", async () => {
  for (const [args, message] of [
    [["frobnicate"], "unknown command 'frobnicate'; see drawbar --help"],
    [["instal"], "unknown command 'instal'; see drawbar --help\nDid you mean install?"],
    [["build", "--minifi"], "unknown option '--minifi'; see drawbar build --help"],
    [["new"], "missing required argument 'folder'; see drawbar new --help"],
    [["pack"], "missing required argument 'build'; see drawbar pack --help"],
    [
      ["remove", "kv", "other"],
      "too many arguments for 'remove'. Expected 1 argument but got 2; see drawbar remove --help",
    ],
  ] as const)
    assert.deepEqual(await drawbar(args), { code: 2, out: "", err: `drawbar: ${message}\n` });
});

test("with --json a wrong command line is told as JSON, and nothing else is printed", async () => {
  const { code, out, err } = await drawbar(["list", "--json", "--bogus"]);
  assert.deepEqual([code, err], [2, ""]);
  const message = "unknown option '--bogus'; see drawbar list --help";
  assert.deepEqual(JSON.parse(out), { error: { code: "usage", message, facts: {} } });
});

test("a file that is not there is a sentence and exit code 1", async () => {
  for (const args of [
    ["pack", "kv", "--name", "kv", "--version", "1.0.0"],
    ["publish", "kv", "site"],
    ["sign", "kv", "--key", "key"],
    ["call", "-d", "@kv", "KV/Get", "plugin"],
  ]) {
    const { code, err } = await drawbar(args);
    assert.equal(code, 1);
    assert.equal(err, "drawbar: /nowhere/kv: no such file or directory; check the path\n");
  }
});

test("without a command the help is printed, and that is a wrong command line", async () => {
  const { code, out, err } = await drawbar([]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^Usage: drawbar/);
});

test("every command's help has examples, states the exit codes, and knows --json where there is a result", async () => {
  const { code, out } = await drawbar(["--help"]);
  assert.equal(code, 0);
  const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name);
  assert.ok(names.length > 14, out);
  for (const name of names.filter((one) => one !== "help")) {
    const help = await drawbar([name, "--help"]);
    assert.equal(help.code, 0);
    assert.match(
      help.out,
      new RegExp(`\\nExamples?:\\n {2}\\S.*drawbar ${name}|\\nExamples?:\\n {2}drawbar ${name}`),
    );
    assert.match(help.out, /\n\nExit codes: 0 done, 1 failed, 2 wrong command line;/);
    if (name !== "completion") assert.match(help.out, /--json/, name);
  }
});

test("colours are for a terminal that has them", async () => {
  const [plain, colored] = [await drawbar(["frobnicate"]), await drawbar(["frobnicate"], true)];
  assert.ok(colored.err.startsWith("\u001b[31mdrawbar:\u001b[39m unknown command"));
  assert.ok(!plain.err.includes("\u001b"));
  assert.ok((await drawbar(["--help"], true)).out.startsWith("\u001b[1mUsage:"));
  assert.ok(!(await drawbar(["--help"])).out.includes("\u001b"));
});

test("--version is drawbar's own, and not that of a plugin", async () => {
  assert.match((await drawbar(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
});

test("what the documents call exists, with the flags that they give it", async () => {
  const root = new URL("../../../", import.meta.url);
  const documents = ["docs/cli.md", "docs/installing-plugins.md", "packages/cli/README.md"];
  const texts = documents.map((path) => readFileSync(new URL(path, root), "utf8"));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```(?:sh|bash|console)\n(.*?)^```$/gms)]);
  const lines = blocks.flatMap(([, block = ""]) => [...block.matchAll(/^(?:\$ |step )?drawbar ([^#\n]*)/gm)]);
  const seen = new Set<string>();
  for (const [line, words = ""] of lines) {
    const [name = "", ...rest] = words.split(" ");
    seen.add(name);
    const help = (await drawbar([name, "--help"])).out;
    assert.match(help, new RegExp(`^Usage: drawbar ${name} `), line);
    const flags = rest.filter((word) => /^--?[a-z]/.test(word));
    for (const flag of flags) assert.match(help, new RegExp(`^ +(?:-., )?${flag}[ ,]`, "m"), line);
  }
  const commands = [...(await drawbar(["--help"])).out.matchAll(/^ {2}([a-z]+) [<[]/gm)];
  for (const [, name = ""] of commands)
    assert.ok(seen.has(name) || name === "help", `no document uses ${name}`);
});
