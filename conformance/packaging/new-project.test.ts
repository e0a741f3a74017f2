import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// From conformance/dist/packaging, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const drawbar = join(root, "packages", "cli", "bundle", "bin", "drawbar.js");
const run = promisify(execFile);

describe("what `drawbar new` writes, with the packages of this checkout", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-new-"));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    npm_config_prefer_offline: "true",
    npm_config_loglevel: "error",
  };
  // Else node takes the project's tests for a part of these, and prints nothing.
  delete env["NODE_TEST_CONTEXT"];
  after(() => rmSync(folder, { recursive: true }));

  for (const transport of ["grpc", "netrpc"]) {
    it(`over ${transport} installs, passes its own test, builds, and its host runs its plugin`, async () => {
      const name = `greeter-${transport}`;
      const project = join(folder, name);
      await run(process.execPath, [drawbar, "new", name, "--transport", transport, "--from", root], {
        cwd: folder,
      });
      const npm = (...args: string[]) => run("npm", args, { cwd: project, env });
      await npm("install", "--no-audit", "--no-fund");
      const { stdout: tested } = await npm("test");
      assert.match(tested, /^# fail 0$/m);
      const { stdout: started } = await npm("start", "--silent");
      assert.match(started, /[Hh]ello/);
      assert.ok(existsSync(join(project, "dist", name)));
    });
  }
});
