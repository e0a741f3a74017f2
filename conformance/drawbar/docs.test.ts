import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "./run-program.ts";

// From conformance/dist/drawbar, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");

/** What programs print, by document and program; those that are not here are only compiled. */
const programs: Record<string, Record<string, string>> = {
  "connect-ca.md": { rotation: "who knew the old root alone saw a chain of 3: leaf, new root, old root\n" },
  "debugging.md": { "in-process": "hello, socket\nhello, memory\n" },
  "plugin-authors.md": { "greeter-check": "" },
  "hosts.md": { host: "hello, ada\n" },
};

const config = {
  extends: join(root, "config/tsconfig.base.json"),
  compilerOptions: {
    noEmit: false,
    composite: false,
    incremental: false,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    rootDir: ".",
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  },
  include: ["*/*.ts"],
};

/** A document's snippets that are files: their first line names them. */
function snippetFiles(markdown: string): Map<string, string> {
  const blocks = markdown.matchAll(/^```ts\n\/\/ ([\w-]+\.ts)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = "", source = ""]) => [name, source]));
}

it("docs/troubleshooting.md has a cause and a cure for each way in which a start can fail", () => {
  const errors = readFileSync(join(root, "packages/drawbar/src/errors.ts"), "utf8");
  const [union = ""] = /export type PluginStartErrorCode =[^;]*;/.exec(errors) ?? [];
  const codes = [...union.matchAll(/\| "([^"]+)"/g)].map(([, code = ""]) => code);
  const table = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
  const rows = [...table.matchAll(/^\| (`.+?) +\| .+? \| (.*?) *\|$/gm)];
  const told = rows.flatMap(([, names = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
  assert.ok(codes.length > 20);
  assert.deepEqual(
    codes.filter((code) => !told.includes(code)),
    [],
  );
  // The only one whose cause says it all.
  assert.deepEqual(
    rows.filter(([, , cure]) => cure === "").map(([, names]) => names),
    ["`start-aborted`"],
  );
});

describe("the snippets of the documentation", () => {
  // Beside this file, so that packages are found as from any program of the workspace.
  const snippets = fileURLToPath(new URL("./snippets/", import.meta.url));
  const documents = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const filesOf = new Map(
    documents
      .map((name) => [name, snippetFiles(readFileSync(join(root, "docs", name), "utf8"))] as const)
      .filter(([, files]) => files.size > 0),
  );
  let complaints: readonly string[] = [];

  // All at once: most of the compiler's work is what they have in common.
  before(async () => {
    rmSync(snippets, { recursive: true, force: true });
    for (const [document, files] of filesOf) {
      mkdirSync(join(snippets, document), { recursive: true });
      for (const [name, source] of files) writeFileSync(join(snippets, document, name), source);
    }
    writeFileSync(join(snippets, "tsconfig.json"), JSON.stringify(config));
    const compiled = await runProgram([process.execPath, compiler, "-p", "."], snippets);
    complaints = compiled.stdout.split(/\n(?!\s)/).filter((text) => text !== "");
    assert.equal(compiled.code === 0, complaints.length === 0, compiled.stdout + compiled.stderr);
  });

  for (const document of filesOf.keys()) {
    it(`of ${document} compile, and run`, async () => {
      // What is said of no document is said of all.
      const theirs = complaints.filter((text) => ![...filesOf.keys()].some((name) => isOf(text, name)));
      assert.deepEqual([...theirs, ...complaints.filter((text) => isOf(text, document))], []);
      const folder = join(snippets, document);
      for (const [program, output] of Object.entries(programs[document] ?? {})) {
        const ran = await runProgram([process.execPath, join(folder, `${program}.js`)], folder);
        assert.deepEqual([ran.code, ran.stdout], [0, output], ran.stderr);
      }
    });
  }
});

function isOf(complaint: string, document: string): boolean {
  return complaint.startsWith(`${document}/`);
}
