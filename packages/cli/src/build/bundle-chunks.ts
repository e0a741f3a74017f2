import { existsSync } from "node:fs";
import { basename, extname, relative, resolve } from "node:path";
import {
  type BuildFailure,
  type BuildOptions,
  build,
  context,
  type Message,
  type Metafile,
  type OutputFile,
  type Plugin,
} from "esbuild";
import { BuildError } from "./build-error.ts";
import { lightDescriptors } from "./light-descriptors.ts";
import { metaNames } from "./script-prelude.ts";

/** What is to be joined. */
export interface BundleSettings {
  /** The program's main module, TypeScript or JavaScript; absolute. */
  readonly entry: string;
  /** Packages that stay outside, to be installed beside the file. */
  readonly external: readonly string[];
}

/** A program as few ES modules: the one that runs, and those that it loads later or shares with them. */
export interface Chunks {
  readonly main: string;
  /** Source text by path, each with its source map at its end. */
  readonly files: ReadonlyMap<string, string>;
  /** Which of them stand for a CommonJS module that is loaded later: what that exports is their default export. */
  readonly commonjs: ReadonlySet<string>;
}

export const target = "node20.19";

// Only the paths' relations matter: nothing is written.
const folder = "/drawbar-build";

/** Compiles and joins a program and all that it imports, leaving out what is not used. */
export async function bundleChunks(settings: BundleSettings): Promise<Chunks> {
  const result = await build(optionsFor(settings)).catch((failure: BuildFailure) => {
    throw explain(failure, settings.entry);
  });
  return chunksOf(result, settings.entry);
}

/**
 * The same at once, and again whenever a file of the program changes. Disposal ends that.
 *
 * @param onBundled gets the chunks, or why there are none
 */
export async function watchChunks(
  settings: BundleSettings,
  onBundled: (result: Chunks | BuildError) => void,
): Promise<AsyncDisposable> {
  const { entry } = settings;
  const report: Plugin = {
    name: "report",
    setup(pass) {
      pass.onEnd(({ errors, outputFiles = [], metafile }) => {
        if (metafile === undefined) onBundled(explain({ errors }, entry));
        else onBundled(chunksOf({ outputFiles, metafile }, entry));
      });
    },
  };
  const options = optionsFor(settings);
  const watched = await context({ ...options, plugins: [...options.plugins, report] });
  await watched.watch();
  return { [Symbol.asyncDispose]: () => watched.dispose() };
}

function optionsFor({ entry, external }: BundleSettings): BuildOptions & {
  write: false;
  metafile: true;
  plugins: Plugin[];
} {
  if (!existsSync(entry))
    throw new BuildError("build-entry-missing", `there is no file ${entry}; name the plugin's main module`);
  return {
    entryPoints: [entry],
    outdir: folder,
    // For the pass that joins them: what it takes from CommonJS modules is then what node would give.
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target,
    write: false,
    metafile: true,
    sourcemap: "inline",
    sourcesContent: true,
    logLevel: "silent",
    external: [...external],
    define: metaNames,
    plugins: [lightDescriptors],
  };
}

interface Bundled {
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
}

function chunksOf({ outputFiles, metafile }: Bundled, entry: string): Chunks {
  return {
    main: `${folder}/${basename(entry, extname(entry))}.mjs`,
    files: new Map(outputFiles.map(({ path, text }) => [path, text])),
    commonjs: commonjsChunks(metafile, process.cwd()),
  };
}

/**
 * Which files of a bundle stand for a CommonJS module.
 *
 * @param workingFolder that of the compiler, from which its paths are
 */
export function commonjsChunks({ inputs, outputs }: Metafile, workingFolder: string): Set<string> {
  const found = Object.entries(outputs).filter(
    ([, { entryPoint = "" }]) => inputs[entryPoint]?.format === "cjs",
  );
  return new Set(found.map(([path]) => resolve(workingFolder, path)));
}

function explain(failure: Pick<BuildFailure, "errors">, entry: string): BuildError {
  // What is no message of the compiler is a fault of ours or the system's.
  const [first] = failure.errors ?? [];
  if (first === undefined) throw failure;
  const addon = /No loader is configured for "\.node" files: (.*)/.exec(first.text)?.[1];
  if (addon === undefined) {
    const lines = failure.errors.map((message) => `  ${place(message)}${message.text}`);
    return new BuildError("build-failed", `${entry} cannot be built:\n${lines.join("\n")}`, {
      cause: failure,
    });
  }
  const owner = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(`${first.location?.file} ${addon}`)?.[1] ?? "NAME";
  return new BuildError(
    "build-native-addon",
    `${owner} uses a native addon (${addon}), which no single file can hold; build with --external ${owner}, and ship ` +
      "the package in a node_modules folder beside the file",
    { cause: failure, facts: { package: owner, addon } },
  );
}

function place({ location }: Message): string {
  return location === null
    ? ""
    : `${relative(process.cwd(), location.file)}:${location.line}:${location.column}: `;
}
