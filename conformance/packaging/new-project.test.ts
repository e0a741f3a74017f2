import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { firstCodeBlock } from "./code-blocks.ts";
import { repositoryFile } from "./project.ts";

// From conformance/dist/packaging, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const drawbar = join(root, "packages", "cli", "bundle", "bin", "drawbar.js");
const run = promisify(execFile);

describe("what `drawbar new` writes, with the packages of this checkout", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-new-"));
  const overRpc = join(folder, "greeter-netrpc");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    npm_config_prefer_offline: "true",
    npm_config_loglevel: "error",
  };
  // Else node takes the project's tests for a part of these, and prints nothing.
  delete env["NODE_TEST_CONTEXT"];
  after(() => rmSync(folder, { recursive: true }));

  it("over net/rpc installs, passes its own test, builds, and its host runs its plugin", async () => {
    await run(process.execPath, [drawbar, "new", overRpc, "--transport", "netrpc", "--from", root]);
    const npm = (...args: string[]) => run("npm", args, { cwd: overRpc, env });
    await npm("install", "--no-audit", "--no-fund");
    assert.match((await npm("test")).stdout, /^# fail 0$/m);
    const { stdout: started } = await npm("start", "--silent");
    assert.match(started, /Hello, Ada!/);
    assert.ok(existsSync(join(overRpc, "dist", "greeter-netrpc")));
  });

  it("over gRPC lives the life of the example: built, signed, published, installed, started by name", async () => {
    const life = join(folder, "life");
    const program = join(root, "examples", "life-of-a-plugin");
    const { stdout } = await run(program, [life, join(overRpc, ".packages")], { env });
    const steps = [...stdout.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
    const times = [...stdout.matchAll(/^ {2}took \d+\.\d{3} s$/gm)];
    assert.deepEqual([steps.length, times.length], [9, 9], stdout);
    assert.match(stdout, /\$ dist\/host greeter \^0\.1\nHello, Ada!\nA\nd\na\n {2}took/);
    const project = join(life, "greeter");
    const lock = JSON.parse(readFileSync(join(project, "drawbar.lock.json"), "utf8"));
    assert.deepEqual([lock.plugins.greeter.version, lock.plugins.greeter.constraint], ["0.1.0", "^0.1"]);
    assert.match((await run("npm", ["test"], { cwd: project, env })).stdout, /^# fail 0$/m);
  });

  it("is what the guide shows: the example's steps, and the host", () => {
    const guide = repositoryFile("docs/cli.md");
    const steps = /^```bash\n(.*?)^```$/ms.exec(guide)?.[1] ?? "";
    assert.match(steps, /step drawbar new/);
    assert.ok(repositoryFile("examples/life-of-a-plugin").endsWith(steps), steps);
    assert.equal(firstCodeBlock(guide), repositoryFile("packages/cli/templates/grpc/src/host.ts"));
  });
});
