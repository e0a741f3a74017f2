import { builtinModules } from "node:module";
import { posix } from "node:path";
import { build, type Plugin } from "esbuild";
import { BuildError } from "./build-error.ts";
import { type Chunks, target } from "./bundle-chunks.ts";
import { requireName } from "./script-prelude.ts";

/** A program as statements without imports and exports, which may await. */
export interface JoinedScript {
  readonly text: string;
  /** As JSON. */
  readonly map: string;
}

const builtins = new Set(builtinModules);

/**
 * Joins chunks into one script: node loads a CommonJS file without its module loader's promises and reads, and a
 * script's compiled form can be kept.
 *
 * This is a pass of its own: the compiler's first pass knows which modules are free of side effects and drops
 * what a module that is evaluated late would need; chunks have no such mark.
 */
export async function joinChunks(chunks: Chunks, minify: boolean): Promise<JoinedScript> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `import ${JSON.stringify(chunks.main)};`, sourcefile: "entry.js", resolveDir: "/" },
    outfile: "/drawbar-build/script.js",
    bundle: true,
    format: "esm",
    platform: "node",
    target,
    minify,
    // One line without line ends inside, so that it can stand in a comment.
    supported: { "template-literal": !minify },
    charset: "ascii",
    legalComments: "none",
    write: false,
    metafile: true,
    sourcemap: "external",
    logLevel: "silent",
    plugins: [resolveIn(chunks)],
  });
  const text = outputFiles.find(({ path }) => path.endsWith(".js"))?.text ?? "";
  const map = outputFiles.find(({ path }) => path.endsWith(".map"))?.text ?? "";
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output?.exports.length !== 0 || output.imports.some(({ kind }) => kind === "import-statement"))
    throw new BuildError(
      "build-failed",
      "the joined program still has imports or exports; please report this",
    );
  return { text: text.trimEnd(), map };
}

// Node's modules and external packages become `require` in the place where they are first needed.
function resolveIn(chunks: Chunks): Plugin {
  return {
    name: "chunks",
    setup(pass) {
      pass.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        const file = posix.resolve(posix.dirname(importer), path);
        // `import()` of a CommonJS module gives all that it exports by name too, which no chunk could name.
        if (kind === "dynamic-import" && chunks.commonjs.has(file))
          return { path: `${file}.cjs`, namespace: "commonjs", pluginData: file };
        if (chunks.files.has(file)) return { path: file, namespace: "chunk" };
        // A dynamic import of a package may be of one that only has ES modules; of node's it need not wait.
        const isBuiltin = path.startsWith("node:") || builtins.has(path);
        if (kind === "dynamic-import" && !isBuiltin) return { path, external: true };
        return { path, namespace: isBuiltin && kind === "import-statement" ? "builtin" : "outside" };
      });
      pass.onLoad({ filter: /.*/, namespace: "builtin" }, async ({ path }) => ({
        contents: await builtinModule(path),
      }));
      pass.onLoad({ filter: /.*/, namespace: "outside" }, ({ path }) => ({
        contents: `module.exports = ${requireName}(${JSON.stringify(path)})`,
      }));
      pass.onLoad({ filter: /.*/, namespace: "commonjs" }, ({ pluginData }) => ({
        contents: `module.exports = require(${JSON.stringify(pluginData)}).default`,
      }));
      pass.onLoad({ filter: /.*/, namespace: "chunk" }, ({ path }) => ({
        contents: chunks.files.get(path) ?? "",
      }));
    },
  };
}

// As an ES module, of which the compiler keeps what is used. Of any other it copies every property at the start.
async function builtinModule(path: string): Promise<string> {
  const names = Object.keys(await import(path)).filter((name) => name !== "default");
  const taken = names.map((name, index) => [`_${index}`, JSON.stringify(name)] as const);
  return [
    `const all = ${requireName}(${JSON.stringify(path)}), take = (name) => all[name];`,
    ...taken.map(([local, name]) => `const ${local} = /* @__PURE__ */ take(${name});`),
    `export { all as default, ${taken.map(([local, name]) => `${local} as ${name}`).join(", ")} };`,
  ].join("\n");
}
