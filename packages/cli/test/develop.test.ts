import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drawbar-cli-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function drawbar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const context = new RecordingContext({ cwd: folder, env: process.env });
  const code = await run(args, context);
  return { code, out: context.stdout, err: context.stderr };
}

test("new writes a plugin, a host or both, for either transport", async () => {
  for (const transport of ["grpc", "netrpc"]) {
    for (const [kind, sources] of [
      ["plugin", ["contract.ts", "greeter.ts", "plugin.ts"]],
      ["host", ["contract.ts", "host.ts"]],
      ["both", ["contract.ts", "greeter.ts", "host.ts", "plugin.ts"]],
    ] as const) {
      const name = `${kind}-${transport}`;
      const { code, err } = await drawbar("new", name, "--kind", kind, "--transport", transport);
      assert.equal(code, 0, err);
      const found = readdirSync(join(folder, name, "src")).filter((file) => file.endsWith(".ts"));
      assert.deepEqual(found.sort(), sources);
      assert.equal(JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).name, name);
    }
  }
});

test("each new project has a magic cookie of its own", async () => {
  const [one, other] = ["one", "other"].map((name) => join(folder, name));
  for (const path of [one, other]) await drawbar("new", path ?? "", "--kind", "host");
  const cookies = [one, other].map((path) => /magicCookieValue: "(.*)"/.exec(contract(path ?? ""))?.[1]);
  assert.match(cookies[0] ?? "", /^[0-9a-f]{32}$/);
  assert.notEqual(cookies[0], cookies[1]);
});

function contract(project: string): string {
  return readFileSync(join(project, "src", "contract.ts"), "utf8");
}

test("new refuses a folder that holds something, and changes nothing in it", async () => {
  mkdirSync(join(folder, "full", "mine"), { recursive: true });
  const { code, err } = await drawbar("new", "full", "--from", join(modules, ".."));
  assert.equal(code, 1);
  assert.match(err, /full holds mine; give a folder that is empty or not there/);
  assert.deepEqual(readdirSync(join(folder, "full")), ["mine"]);
});

test("new refuses what is a file, and leaves nothing of what it could not finish", async () => {
  writeFileSync(join(folder, "file"), "");
  const file = await drawbar("new", "file");
  assert.deepEqual(
    [file.code, file.err],
    [1, `drawbar: ${join(folder, "file")} is a file; give a folder that is empty or not there\n`],
  );
  const checkout = join(folder, "checkout");
  mkdirSync(join(checkout, "scripts"), { recursive: true });
  writeFileSync(join(checkout, "scripts", "pack.mjs"), 'throw "out of paper";');
  const raw = await drawbar("new", "made/project", "--from", checkout);
  assert.match(raw.err, /checkout is not compiled; run there: npm run build\n$/);
  mkdirSync(join(checkout, "packages", "cli", "bundle", "bin"), { recursive: true });
  writeFileSync(join(checkout, "packages", "cli", "bundle", "bin", "drawbar.js"), "");
  const failed = await drawbar("new", "made/project", "--from", checkout);
  assert.equal(failed.code, 1);
  assert.match(failed.err, /^drawbar: the packages of .*checkout cannot be packed: [\s\S]*out of paper/);
  assert.deepEqual(readdirSync(folder).sort(), ["checkout", "file"]);
});

test("new refuses a name that npm would, and a source that has no packages", async () => {
  const named = await drawbar("new", "Bad Name");
  assert.deepEqual([named.code, named.out], [1, ""]);
  assert.match(named.err, /Bad Name cannot be a package's name/);
  const sourced = await drawbar("new", "good", "--from", folder);
  assert.equal(sourced.code, 1);
  assert.match(sourced.err, /neither a checkout of drawbar nor a folder of its tarballs/);
  assert.deepEqual(readdirSync(folder), []);
});

test("completion knows every command and its options; bash takes the script", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, out } = await drawbar("completion", shell);
    assert.equal(code, 0);
    for (const word of ["new", "build", "install", "doctor", "frozen", "protocol-version"])
      assert.ok(out.includes(word), `${word} in ${shell}`);
  }
  const { out } = await drawbar("completion", "bash");
  const lines = ["ins", "install --fr", "new --kind p", "new -k h", "completion b", "help remo"];
  const asked = lines.map((line) => {
    const words = line.split(" ");
    return `COMP_WORDS=(drawbar ${line}); COMP_CWORD=${words.length}; _drawbar; echo "\${COMPREPLY[@]}"`;
  });
  assert.equal(
    execFileSync("bash", ["-c", [out, ...asked].join("\n")], { encoding: "utf8" }),
    "install\n--frozen\nplugin\nhost\nbash\nremove\n",
  );
  assert.equal((await drawbar("completion", "tcsh")).code, 2);
});

/** The events that `drawbar dev --json` has printed so far. */
function events(context: RecordingContext): Record<string, never>[] {
  return context.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

async function eventsOf(context: RecordingContext, count: number): Promise<Record<string, never>[]> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (events(context).length >= count) return events(context);
    await delay(20);
  }
  assert.fail(`${count} events were awaited, and there are: ${context.stdout}\n${context.stderr}`);
}

test("dev serves a plugin, anew after a change, keeps it when one does not build, and ends it", async () => {
  await drawbar("new", "greeter", "--kind", "plugin", "--transport", "netrpc");
  const project = join(folder, "greeter");
  mkdirSync(join(project, "node_modules"));
  for (const name of ["drawbar", "@drawbar"])
    symlinkSync(join(modules, name), join(project, "node_modules", name));
  const end = new AbortController();
  const context = new RecordingContext({ cwd: project, env: process.env, signal: end.signal });
  const ended = run(["dev", "--json"], context);

  const [first] = await eventsOf(context, 1);
  const firstPid: number = first?.["reattach"]?.["Pid"] ?? 0;
  assert.ok(isAlive(firstPid));
  assert.match(context.stderr, /TF_REATTACH_PROVIDERS='\{"greeter":/);

  appendFileSync(join(project, "src", "greeter.ts"), "\nexport const changed: boolean = true;\n");
  const second = (await eventsOf(context, 2))[1];
  const pid: number = second?.["reattach"]?.["Pid"] ?? 0;
  assert.ok(!isAlive(firstPid) && isAlive(pid) && pid !== firstPid);

  appendFileSync(join(project, "src", "greeter.ts"), "const = ;\n");
  const failed = (await eventsOf(context, 3))[2];
  assert.equal(failed?.["kind"], "build-failed");
  assert.match(String(failed?.["message"]), /greeter\.ts/);
  assert.ok(isAlive(pid));

  end.abort();
  await ended;
  assert.ok(!isAlive(pid));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
