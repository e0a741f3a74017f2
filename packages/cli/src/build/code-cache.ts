import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildError } from "./build-error.ts";

/** Where V8 says that a script stands. */
export interface ScriptPlace {
  /** Goes into stack traces. */
  readonly filename: string;
  readonly lineOffset: number;
  readonly columnOffset: number;
}

// Every function compiled, not only those that run first: nothing of the program is run to learn which these are.
// The flag is part of what V8 compares when it takes compiled code, so it is set back before the code is written.
const compile = `
const [input, output, place] = process.argv.slice(1);
const { readFileSync, writeFileSync } = require("node:fs");
const { setFlagsFromString } = require("node:v8");
setFlagsFromString("--no-lazy");
const script = new (require("node:vm").Script)(readFileSync(input, "latin1"), JSON.parse(place));
setFlagsFromString("--lazy");
writeFileSync(output, script.createCachedData());
`;

/**
 * The compiled form of a script, for this version of node on this architecture; others compile the script anew.
 *
 * @param text one function expression, ASCII
 */
export async function makeCodeCache(text: string, place: ScriptPlace): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "drawbar-build-"));
  try {
    const input = join(folder, "script.js");
    const output = join(folder, "cache");
    await writeFile(input, text, "latin1");
    await runNode(["-e", compile, input, output, JSON.stringify(place)]);
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// A process of its own: flags of this one would be compared too, and those set above hold for all that it compiles.
async function runNode(args: readonly string[]): Promise<void> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0)
    throw new BuildError("build-failed", `the built program does not compile:\n${complaint.trim()}`);
}
