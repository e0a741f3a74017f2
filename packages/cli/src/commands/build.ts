import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { BuiltFile } from "../build/build-plugin.ts";
import { outputName, usualEntries, usualEntry } from "../build/usual-entry.ts";
import { collect } from "../collect.ts";
import type { CommandContext } from "../command-context.ts";
import { UsageError } from "../usage-error.ts";

interface Flags {
  readonly outDir: string;
  readonly out?: string;
  readonly external?: readonly string[];
  readonly minify: boolean;
  readonly codeCache: boolean;
  readonly train?: true;
  readonly json?: true;
}

export function addBuild(program: Command, context: CommandContext): void {
  program
    .command("build")
    .summary("make one self-contained file of a plugin")
    .description(
      "Make one self-contained, executable file of each plugin, from TypeScript or JavaScript, with its source map " +
        "beside it. The file needs only node, and can be copied anywhere.",
    )
    .argument("[entry...]", `main modules of plugins (default: ${usualEntries.join(", or ")})`)
    .option("-d, --out-dir <folder>", "where the files go", "dist")
    .option("-o, --out <file>", "the file to write, for a single entry")
    .option(
      "-x, --external <package>",
      "do not put this package in: it is installed beside the file",
      collect,
    )
    .option("--no-minify", "keep white space and names, and do not keep the program compiled")
    .option("--no-code-cache", "do not keep the program compiled: a smaller file that starts more slowly")
    .option("--train", "start the plugin once, and keep compiled what that took: smaller, and starts faster")
    .option("--json", "print what was built as JSON")
    .addHelpText("after", examples)
    .action(async (entries: readonly string[], flags: Flags) => {
      const chosen = entries.length > 0 ? entries : [usualEntry(context.cwd)];
      if (flags.out !== undefined && chosen.length > 1)
        throw new UsageError("--out names one file; with several entries use --out-dir");
      if (flags.train && !(flags.minify && flags.codeCache))
        throw new UsageError("--train is for compiled code, which --no-minify and --no-code-cache leave out");
      const { buildPlugin } = await import("../build/build-plugin.ts");
      const built: BuiltFile[] = [];
      for (const entry of chosen.map((path) => resolve(context.cwd, path))) {
        const outFile = resolve(context.cwd, flags.out ?? join(flags.outDir, outputName(entry)));
        const { external = [], minify, codeCache, train = false } = flags;
        built.push(await buildPlugin({ entry, outFile, external, minify, codeCache, train }));
      }
      context.out(flags.json ? `${JSON.stringify(built, null, 2)}\n` : built.map(describe).join(""));
    });
}

const examples = `
Examples:
  drawbar build                          src/plugin.ts into dist/, named after the package
  drawbar build src/kv.ts src/blob.ts    dist/kv and dist/blob
  drawbar build --external better-sqlite3 --out dist/store
  drawbar build --train                  starts the plugin once while building, with a cookie of its own
`;

function describe({ file, bytes, compiledFor }: BuiltFile): string {
  const cache = compiledFor === undefined ? "" : `, starts without compiling on node ${compiledFor}`;
  return `${file} (${Math.round(bytes / 1000)} kB${cache})\n`;
}
