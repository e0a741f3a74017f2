import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { firstCodeBlock } from "./code-blocks.ts";
import { type Project, repositoryFile, root } from "./project.ts";

/** Registers the tests of `drawbar new` on a project that lived the life of the example. */
export function testNewProject(project: Project): void {
  describe("what `drawbar new` writes, with the packages of this checkout", () => {
    it("over gRPC lives the life of the example: built, signed, published, installed, started by name", async () => {
      const steps = [...project.transcript.matchAll(/^\$ /gm)];
      const times = [...project.transcript.matchAll(/^ {2}took \d+\.\d{3} s$/gm)];
      assert.deepEqual([steps.length, times.length], [9, 9], project.transcript);
      assert.match(project.transcript, /\$ dist\/host greeter \^0\.1\nHello, Ada!\nA\nd\na\n {2}took/);
      const lock = JSON.parse(readFileSync(join(project.folder, "drawbar.lock.json"), "utf8"));
      assert.deepEqual([lock.plugins.greeter.version, lock.plugins.greeter.constraint], ["0.1.0", "^0.1"]);
      assert.match(await project.run("npm", ["test"]), /^# fail 0$/m);
    });

    it("over net/rpc asks for what is installed there, passes its own test, builds, and its host runs its plugin", async () => {
      const overRpc = join(project.folder, "..", "greeter-netrpc");
      const drawbar = join(root, "packages", "cli", "bundle", "bin", "drawbar.js");
      const options = ["--transport", "netrpc", "--from", project.tarballs];
      await project.run(process.execPath, [drawbar, "new", overRpc, ...options]);
      const { "@bufbuild/protobuf": protobuf, ...installed } = dependenciesOf(project.folder);
      assert.ok(protobuf);
      assert.deepEqual(dependenciesOf(overRpc), installed);
      symlinkSync(join(project.folder, "node_modules"), join(overRpc, "node_modules"));
      assert.match(await project.run("npm", ["test"], overRpc), /^# fail 0$/m);
      assert.match(await project.run("npm", ["start", "--silent"], overRpc), /Hello, Ada!/);
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
}

function dependenciesOf(folder: string): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { ...devDependencies, ...dependencies };
}
