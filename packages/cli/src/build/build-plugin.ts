import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { toError } from "@drawbar/io";
import { BuildError } from "./build-error.ts";
import { bundleChunks } from "./bundle-chunks.ts";
import { compiledFile } from "./compiled-file.ts";
import { joinChunks } from "./join-chunks.ts";
import { fitsComment, plainFile } from "./single-file.ts";

/** What `buildPlugin` is to build. */
export interface BuildOptions {
  /** The plugin's main module, TypeScript or JavaScript; absolute. */
  readonly entry: string;
  /** The file to write; absolute. Its map is written beside it, under its name with `.map`. */
  readonly outFile: string;
  /** Packages that are not put in but loaded from a node_modules folder beside the file. Default: none. */
  readonly external?: readonly string[];
  /** Take out white space and shorten names. Without it the program is not kept compiled either. Default true. */
  readonly minify?: boolean;
  /**
   * Keep the compiled program in the file, for the running version of node. Default true. It is not kept of a program
   * that imports ES modules from outside of the file, or has other letters than ASCII in a regular expression.
   */
  readonly codeCache?: boolean;
  /**
   * Start the plugin once, and keep what that compiles instead of all of the program: a smaller file that starts
   * faster. Default false: nothing of the program is run.
   */
  readonly train?: boolean;
}

/** What was built. */
export interface BuiltFile {
  readonly file: string;
  readonly map: string;
  /** Of the file alone. */
  readonly bytes: number;
  /** The version of node and the architecture that start it without compiling; undefined if none does. */
  readonly compiledFor: string | undefined;
}

/**
 * Makes one file of a program and all that it imports. It is executable and needs nothing but node: it can be
 * copied anywhere and started there. Rejects with BuildError, and leaves a file that was there as it was.
 */
export async function buildPlugin(options: BuildOptions): Promise<BuiltFile> {
  const { entry, outFile, external = [], minify = true, codeCache = true, train = false } = options;
  const mapFile = `${outFile}.map`;
  const chunks = await bundleChunks({ entry, external });
  const script = await joinChunks(chunks, minify);
  // V8 keeps a script's name with its compiled form, and what is imported while it runs is looked for beside that name.
  const cached = minify && codeCache && fitsComment(script) && !/\bimport\(/.test(script.text);
  const { contents, map } = cached
    ? await compiledFile(script, outFile, train)
    : plainFile(script, basename(mapFile));
  await writeBoth(outFile, contents, mapFile, map);
  return {
    file: outFile,
    map: mapFile,
    bytes: Buffer.byteLength(contents),
    compiledFor: cached ? `${process.version} ${process.arch}` : undefined,
  };
}

// A host may be starting the file that was there: it finds that one or the new one.
async function writeBoth(outFile: string, contents: string, mapFile: string, map: string): Promise<void> {
  const [newFile, newMap] = [`${outFile}.${process.pid}`, `${mapFile}.${process.pid}`];
  try {
    await mkdir(dirname(outFile), { recursive: true });
    await writeFile(newMap, map);
    await writeFile(newFile, contents);
    await chmod(newFile, 0o755);
    await rename(newFile, outFile);
    await rename(newMap, mapFile);
  } catch (cause) {
    for (const path of [newFile, newMap]) await rm(path, { force: true }).catch(() => {});
    throw new BuildError("build-not-written", `${outFile} cannot be written: ${toError(cause).message}`, {
      cause,
    });
  }
}
