import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { run } from "../run.mjs";
import { PlainError } from "../say.mjs";

const longestLines = 400;
const generated = /(_pb\.ts|\.pb\.go|\/gen\/)/;

/** No source file is longer than 400 lines: a longer one does more than one thing. */
export async function checkFileLengths() {
  const listed = await run("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--",
    "*.ts",
    "*.mjs",
    "*.cjs",
    "*.go",
    "*.py",
  ]);
  const long = listed
    .split("\0")
    .filter((path) => path !== "" && !generated.test(path))
    .map((path) => ({ path, lines: countLines(join(root, path)) }))
    .filter(({ lines }) => lines > longestLines);
  if (long.length === 0) return;
  const list = long.map(({ path, lines }) => `${path} has ${lines} lines`).join("\n");
  throw new PlainError(`${list}\nA source file has at most ${longestLines}: split it.`);
}

function countLines(path) {
  try {
    return readFileSync(path, "latin1").split("\n").length - 1;
  } catch (error) {
    if (error.code === "ENOENT") return 0; // deleted, not yet committed
    throw error;
  }
}
