import { basename } from "node:path";
import { makeCodeCache } from "./code-cache.ts";
import type { JoinedScript } from "./join-chunks.ts";
import { cachedFile, cachedPlace, functionOf, type SingleFile } from "./single-file.ts";
import { trainProgram } from "./train-program.ts";

const noCache = new Uint8Array(0);

/**
 * The file of a program that fits in a comment, with the program compiled: all of it, or, where it is trained, what a
 * start takes.
 *
 * @param outFile where the file is to be; a program that is trained runs beside it
 */
export async function compiledFile(
  script: JoinedScript,
  outFile: string,
  train: boolean,
): Promise<SingleFile> {
  const filename = basename(outFile);
  const mapName = `${filename}.map`;
  const code = train
    ? await trainProgram(cachedFile(script, noCache, mapName).contents, outFile)
    : await makeCodeCache(functionOf(script), { filename, ...cachedPlace });
  return cachedFile(script, code, mapName);
}
