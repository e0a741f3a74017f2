import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { firstCodeBlock, namedCodeBlocks, promisedOutput } from "./code-blocks.ts";
import { testNewProject } from "./new-project.ts";
import { type Packed, Project, repositoryFile } from "./project.ts";

interface Manifest {
  readonly license?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

// http2's example is the one that prints what it does after its last line: it is the last to be run.
const protocols = ["io", "yamux", "gob", "netrpc", "grpc", "x509", "connect-ca", "install", "http2"];

describe("the packages as npm would publish them, in a project outside the repository", () => {
  const project = new Project();
  let packages: readonly Packed[] = [];
  const readmeFiles = namedCodeBlocks(repositoryFile("README.md"));
  const connectCaFiles = namedCodeBlocks(repositoryFile("packages/connect-ca/README.md"));
  const drawbarFiles = namedCodeBlocks(repositoryFile("packages/drawbar/README.md"));
  const codes = new Map(
    protocols.map((name) => [name, firstCodeBlock(repositoryFile(`packages/${name}/README.md`))]),
  );

  // Compiled once, all of it: the compiler takes longer to start than to read one more file.
  before(async () => {
    await project.live();
    packages = await project.installOthers();
    for (const [name, code] of readmeFiles) project.write(`readme/${name}`, code);
    project.copy("examples/kv/src/gen/kv_pb.ts", "readme/gen/kv_pb.ts");
    for (const [name, code] of codes) project.write(`readme/${name}/example.ts`, code);
    project.copy("examples/kv/src/gen/kv_pb.ts", "readme/grpc/gen/kv_pb.ts");
    for (const [name, code] of connectCaFiles) project.write(`readme/connect-ca-plugin/${name}`, code);
    for (const [name, code] of drawbarFiles) project.write(`readme/drawbar/${name}`, code);
    project.copy("examples/kv/src/gen/kv_pb.ts", "readme/drawbar/gen/kv_pb.ts");
    project.copy("examples/bidirectional/src/gen/kv_pb.ts", "readme/drawbar/gen/counter_pb.ts");
    await project.compile("readme");
  });
  after(() => project[Symbol.dispose]());

  testNewProject(project);

  const installed = (name: string, file: string): string =>
    readFileSync(join(project.folder, "node_modules", name, file), "utf8");
  const runProgram = (name: string, folder: string): Promise<string> =>
    project.run(process.execPath, [name], folder);

  it("can all be imported, each by every name it exports", async () => {
    const names = packages.flatMap(({ name }) => {
      const { exports = {} } = JSON.parse(installed(name, "package.json")) as Manifest;
      return Object.keys(exports).map((path) => name + path.slice(1));
    });
    const importable = names.filter((name) => !name.endsWith("/package.json"));
    project.write("import-all.js", importable.map((name) => `import ${JSON.stringify(name)};\n`).join(""));
    assert.equal(await runProgram("import-all.js", ""), "");
  });

  it("carry their license and a README", () => {
    for (const { name } of packages) {
      const { license } = JSON.parse(installed(name, "package.json")) as Manifest;
      assert.equal(license, "MPL-2.0", name);
      assert.match(installed(name, "LICENSE"), /Mozilla Public License/, name);
      assert.match(installed(name, "README.md"), /^# /, name);
    }
  });

  it("compile and run the README's host and plugin", async () => {
    assert.deepEqual([...readmeFiles.keys()], ["shared.ts", "plugin.ts", "host.ts"]);
    assert.equal(await runProgram("host.js", "readme"), "world\n");
  });

  it("print what their READMEs say", async () => {
    const promises = [...codes].map(([name, code]) => [name, promisedOutput(code)]);
    for (const [name, promised] of promises) assert.notEqual(promised, "", name);
    const lines = protocols.map((name) => `console.log("${name}"); await import("./${name}/example.js");\n`);
    project.write("readme/examples.js", lines.join(""));
    assert.equal(
      await runProgram("examples.js", "readme"),
      promises.map(([name, promised]) => `${name}\n${promised}`).join(""),
    );
  });

  it("run the host and plugin of connect-ca's README", async () => {
    const promised = promisedOutput(connectCaFiles.get("host.ts") ?? "");
    assert.notEqual(promised, "");
    assert.equal(await runProgram("host.js", "readme/connect-ca-plugin"), promised);
  });

  it("run the hosts and plugins of drawbar's README", async () => {
    for (const name of ["host", "greeter-host"]) {
      const promised = promisedOutput(drawbarFiles.get(`${name}.ts`) ?? "");
      assert.notEqual(promised, "", name);
      assert.equal(await runProgram(`${name}.js`, "readme/drawbar"), promised);
    }
  });
});
