import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
// A peer that is built from the release. From conformance/dist/drawbar, where this file runs.
const peer = fileURLToPath(new URL("../../peers/goplugin-grpc-1.8.0/", import.meta.url));

/** What the sources of a release of go-plugin have, as it stands there. */
export interface GoPluginSource {
  readonly version: string;
  /** Functions of its test files that go's test runner runs. */
  readonly tests: readonly string[];
  /** What its helper process can be told to do. */
  readonly modes: readonly string[];
  /** The texts of its errors, and of its panics, with their verbs. */
  readonly errors: readonly string[];
}

/** Reads the release that the peer `goplugin-grpc-1.8.0` is built from, out of Go's module cache. */
export async function readGoPluginSource(): Promise<GoPluginSource> {
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const download = ["mod", "download", "-json", "github.com/hashicorp/go-plugin"];
  const { stdout } = await run("go", download, { cwd: peer, env });
  const { Dir: folder, Version: version } = JSON.parse(stdout) as { Dir: string; Version: string };
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".go"));
  const ofTests = files.filter((name) => name.endsWith("_test.go"));
  const ofPackage = files.filter((name) => !/_test\.go$|\.pb\.go$|^(examples|test)\//.test(name));
  const read = async (names: readonly string[]): Promise<string> =>
    (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  const tests = await read(ofTests);
  return {
    version,
    tests: findAll(tests, /^func ((?:Test|Benchmark|Example|Fuzz)\w*)\(/gm),
    modes: findAll(await read(["plugin_test.go"]), /^\tcase "([^"]+)":/gm),
    errors: findAll(await read(ofPackage), /\b(?:fmt\.Errorf|errors\.New|panic)\(\s*"([^"]*)"/g).map((text) =>
      text.trim(),
    ),
  };
}

function findAll(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))];
}
