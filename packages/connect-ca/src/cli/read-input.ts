import { readFile } from "node:fs/promises";

/**
 * The text of a file, or of stdin for "-".
 *
 * @param what it is, for the error
 */
export async function readInput(what: string, file: string): Promise<string> {
  if (file === "-") return await readStdin();
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`the ${what} ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Parses what came from a file; the error names the file. */
export function parseInput<T>(file: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`${file === "-" ? "stdin" : file}: ${(cause as Error).message}`, { cause });
  }
}

async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += String(chunk);
  return text;
}
