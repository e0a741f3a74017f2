import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
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
  const life = join(folder, "life");
  const overGrpc = join(life, "greeter");
  const overRpc = join(folder, "greeter-netrpc");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    npm_config_prefer_offline: "true",
    npm_config_loglevel: "error",
  };
  // Else node takes the project's tests for a part of these, and prints nothing.
  delete env["NODE_TEST_CONTEXT"];
  after(() => rmSync(folder, { recursive: true }));

  it("over gRPC lives the life of the example: built, signed, published, installed, started by name", async () => {
    const { stdout } = await run(join(root, "examples", "life-of-a-plugin"), [life], { env });
    const steps = [...stdout.matchAll(/^\$ /gm)];
    const times = [...stdout.matchAll(/^ {2}took \d+\.\d{3} s$/gm)];
    assert.deepEqual([steps.length, times.length], [9, 9], stdout);
    assert.match(stdout, /\$ dist\/host greeter \^0\.1\nHello, Ada!\nA\nd\na\n {2}took/);
    const lock = JSON.parse(readFileSync(join(overGrpc, "drawbar.lock.json"), "utf8"));
    assert.deepEqual([lock.plugins.greeter.version, lock.plugins.greeter.constraint], ["0.1.0", "^0.1"]);
    assert.match((await run("npm", ["test"], { cwd: overGrpc, env })).stdout, /^# fail 0$/m);
  });

  it("over net/rpc asks for what is installed there, passes its own test, builds, and its host runs its plugin", async () => {
    const tarballs = join(overGrpc, ".packages");
    await run(process.execPath, [drawbar, "new", overRpc, "--transport", "netrpc", "--from", tarballs]);
    const { "@bufbuild/protobuf": protobuf, ...installed } = dependenciesOf(overGrpc);
    assert.ok(protobuf);
    assert.deepEqual(dependenciesOf(overRpc), installed);
    symlinkSync(join(overGrpc, "node_modules"), join(overRpc, "node_modules"));
    const npm = (...args: string[]) => run("npm", args, { cwd: overRpc, env });
    assert.match((await npm("test")).stdout, /^# fail 0$/m);
    const { stdout: started } = await npm("start", "--silent");
    assert.match(started, /Hello, Ada!/);
    assert.ok(existsSync(join(overRpc, "dist", "greeter-netrpc")));
  });

  it("is what the guide shows: the example's steps, and the host", () => {
    const guide = repositoryFile("docs/cli.md");
    const steps = /^```bash\n(.*?)^```$/ms.exec(guide)?.[1] ?? "";
    assert.match(steps, /step drawbar new/);
    assert.ok(repositoryFile("examples/life-of-a-plugin").endsWith(steps), steps);
    assert.equal(firstCodeBlock(guide), repositoryFile("packages/cli/templates/grpc/src/host.ts"));
  });
});

function dependenciesOf(project: string): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  return { ...devDependencies, ...dependencies };
}
