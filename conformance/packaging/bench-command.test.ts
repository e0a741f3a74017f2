import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

// From conformance/dist/packaging, where this file runs.
const scripts = new URL("../../../scripts/", import.meta.url);

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = fileURLToPath(new URL("bench.mjs", scripts));
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

describe("npm run bench", () => {
  it("tells its options, and measures nothing, with --help", () => {
    const { status, stdout, stderr } = bench("--help");
    assert.match(stdout, /^usage: npm run bench.*--quick.*--only TEXT.*--json/s);
    assert.deepEqual([status, stderr], [0, ""]);
  });

  for (const [arg, sentence] of [
    ["--nonsense", "Unknown option '--nonsense'"],
    ["nonsense", "Unexpected argument 'nonsense'"],
    ["--only", "Option '--only <value>' argument missing"],
  ] as const) {
    it(`refuses ${arg} before it builds anything, with a sentence and the usage`, () => {
      const { status, stdout, stderr } = bench(arg);
      assert.equal(stderr.split("\n")[0], sentence);
      assert.match(stderr, /\nusage: npm run bench/);
      assert.deepEqual([status, stdout], [2, ""]);
    });
  }

  it("refuses an --only that leaves nothing to measure, and names the figures", async () => {
    const { checkOnly } = (await import(new URL("lib/bench-options.mjs", scripts).href)) as {
      checkOnly(options: { readonly only: string; readonly quick: boolean }, names: readonly string[]): void;
    };
    const names = ["launch.minus_node_ms", "memory.idle_plugin_mb"];
    checkOnly({ only: "idle", quick: true }, names);
    assert.throws(() => checkOnly({ only: "unheard", quick: true }, names), {
      message: /^no figure of a quick run has "unheard" in its name\..*idle_plugin_mb\n\nusage: /s,
      exitCode: 2,
    });
  });
});
