import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeOthers, replaceFile } from "./files.mjs";
import { root } from "./paths.mjs";
import { say } from "./say.mjs";

/**
 * Programs that tests launch again and again: whose compilation makes their modules, the folder that gets them as
 * single files, the main module of each by its name there, and which are no plugins or serve only where they are told
 * how: those cannot be started for training.
 */
const testPlugins = [
  {
    project: "conformance/drawbar",
    folder: "conformance/bundle",
    programs: {
      "probe-plugin": "conformance/dist/drawbar/probe-plugin.js",
      "netrpc-probe-plugin": "conformance/dist/drawbar/netrpc-probe-plugin.js",
      "workshop-plugin": "examples/netrpc-args/dist/plugin.js",
      "bidirectional-host": "examples/bidirectional/dist/host.js",
      "bidirectional-plugin-grpc": "examples/bidirectional/dist/plugin-grpc.js",
      "kv-host": "examples/kv/dist/host.js",
      "kv-plugin-grpc": "examples/kv/dist/plugin-grpc.js",
      "streaming-host": "examples/streaming/dist/host.js",
      "streaming-plugin": "examples/streaming/dist/plugin.js",
    },
    untrained: ["bidirectional-host", "kv-host", "streaming-host"],
  },
  {
    project: "packages/drawbar",
    folder: "packages/drawbar/dist-test/bundle",
    programs: {
      helper: "packages/drawbar/dist-test/fixtures/upstream/helper.js",
      host: "packages/drawbar/dist-test/fixtures/host.js",
      "mux-plugin": "packages/drawbar/dist-test/fixtures/mux-plugin.js",
      "netrpc-plugin": "packages/drawbar/dist-test/fixtures/netrpc-plugin.js",
      "probe-plugin": "packages/drawbar/dist-test/fixtures/probe-plugin.js",
      "stated-plugin": "packages/drawbar/dist-test/fixtures/stated-plugin.js",
      "tls-plugin": "packages/drawbar/dist-test/fixtures/tls-plugin.js",
    },
    untrained: ["helper", "host", "mux-plugin", "tls-plugin"],
  },
  {
    project: "packages/cli",
    folder: "packages/cli/dist-test/bundle",
    programs: { "kv-plugin-grpc": "examples/kv/dist/plugin-grpc.js" },
  },
  {
    project: "packages/install",
    folder: "packages/install/dist-test/bundle",
    programs: { installing: "packages/install/dist-test/plugins/fixtures/installing.js" },
    untrained: ["installing"],
  },
  {
    project: "packages/connect-ca",
    folder: "packages/connect-ca/dist-test/bundle",
    programs: {
      "connect-ca-provider-builtin": "packages/connect-ca/bundle/bin/connect-ca-provider-builtin.js",
      "staged-plugin": "packages/connect-ca/dist-test/support/staged-plugin.js",
    },
  },
  {
    project: "conformance/connect-ca",
    folder: "conformance/dist/connect-ca/bundle",
    programs: {
      "canned-plugin": "conformance/dist/connect-ca/canned-plugin.js",
      "connect-ca-provider-builtin": "packages/connect-ca/bundle/bin/connect-ca-provider-builtin.js",
      "connect-ca-provider-vault": "packages/connect-ca/bundle/bin/connect-ca-provider-vault.js",
    },
  },
];

/** What to compile beside some projects, so that their test plugins can be built. */
export function testPluginTools(projects) {
  const programs = groupsOf(projects).flatMap((group) => Object.values(group.programs));
  const examples = programs.map((path) => /^examples\/[^/]+/.exec(path)?.[0]).filter((folder) => folder);
  return programs.length > 0 ? ["packages/cli", ...new Set(examples)] : [];
}

/**
 * Makes one file of each test plugin of some projects as `drawbar build` does: with its compiled code, which halves
 * what a start takes. Those of which nothing changed stay as they are.
 */
export async function buildTestPlugins(projects) {
  const started = Date.now();
  let count = 0;
  for (const group of groupsOf(projects)) count += await buildGroup(group);
  if (count > 0) say(`built ${count} test plugins in ${Date.now() - started} ms`);
}

function groupsOf(projects) {
  return testPlugins.filter(({ project }) => projects.some((each) => each === "." || each === project));
}

async function buildGroup({ folder, programs, untrained = [] }) {
  const place = join(root, folder);
  const wanted = Object.keys(programs).map((name) => join(place, name));
  const madeOf = join(place, "made-of.json");
  const tools = sumOf(toolFiles());
  if (wanted.every((path) => existsSync(path)) && isUnchanged(madeOf, tools)) return 0;
  // Around it are ES modules, and what is built runs as CommonJS.
  const manifest = join(place, "package.json");
  replaceFile(manifest, Buffer.from('{ "type": "commonjs" }\n'));
  removeOthers(place, new Set([manifest, madeOf, ...wanted]));
  const parts = await loadParts();
  const { mains, files, commonjs, inputs } = await joinModules(parts, programs);
  const made = { tools, inputs, sum: sumOf(inputs) };
  // Changes with a program and with what makes a file of it.
  const sumOfMain = (path) => sumOf([], mains.get(basename(path)) + tools);
  const old = wanted.filter((path) => !isMadeOf(path, sumOfMain(path)));
  await Promise.all(
    old.map(async (path) => {
      const name = basename(path);
      const script = await parts.joinChunks({ main: mains.get(name), files, commonjs }, true);
      const trains = !untrained.includes(name);
      const { contents } = await parts.compiledFile(script, join(tmpdir(), name), trains);
      replaceFile(path, Buffer.from(`${contents}//${sumOfMain(path)}\n`), 0o777);
    }),
  );
  replaceFile(madeOf, Buffer.from(JSON.stringify(made)));
  return old.length;
}

/** Whether all files that a group was made of are as they were: then nothing need be joined to know that. */
function isUnchanged(madeOf, tools) {
  if (!existsSync(madeOf)) return false;
  const made = JSON.parse(readFileSync(madeOf, "utf8"));
  return (
    made.tools === tools && made.inputs.every((path) => existsSync(path)) && made.sum === sumOf(made.inputs)
  );
}

function isMadeOf(path, sum) {
  return existsSync(path) && readFileSync(path, "latin1").endsWith(`//${sum}\n`);
}

function sumOf(paths, text = "") {
  const hash = createHash("sha256").update(process.version + process.arch + text);
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex");
}

const cli = join(root, "packages", "cli", "dist", "build");

function toolFiles() {
  const modules = readdirSync(cli).filter((name) => /^(?!.*\.test\.).*\.js$/.test(name));
  return [fileURLToPath(import.meta.url), ...modules.map((name) => join(cli, name))];
}

/** The parts of `drawbar build`, loaded here because they are not there before the first compilation. */
async function loadParts() {
  const names = ["bundle-chunks", "compiled-file", "join-chunks", "light-descriptors", "script-prelude"];
  const loaded = await Promise.all(names.map((name) => import(join(cli, `${name}.js`))));
  return { build: (await import("esbuild")).build, ...Object.assign({}, ...loaded) };
}

/** All modules in few. The name of a main one has a hash in it, which changes with it and with what it imports. */
async function joinModules({ build, commonjsChunks, lightDescriptors, metaNames }, programs) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.values(programs),
    outdir: "/test-plugins",
    outExtension: { ".js": ".mjs" },
    entryNames: "[dir]/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    define: metaNames,
    plugins: [lightDescriptors],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const pathOf = (entry) => Object.entries(metafile.outputs).find(([, each]) => each.entryPoint === entry)[0];
  return {
    mains: new Map(Object.entries(programs).map(([name, entry]) => [name, join(root, pathOf(entry))])),
    files: new Map(outputFiles.map(({ path, text }) => [path, text])),
    commonjs: commonjsChunks(metafile, root),
    inputs: Object.keys(metafile.inputs).map((path) => join(root, path)),
  };
}
