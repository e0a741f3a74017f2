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
  // Around it are ES modules, and what is built runs as CommonJS.
  const manifest = join(place, "package.json");
  replaceFile(manifest, Buffer.from('{ "type": "commonjs" }\n'));
  const wanted = Object.keys(programs).map((name) => join(place, name));
  removeOthers(place, new Set([manifest, ...wanted]));
  const tools = await loadTools();
  const { mains, files } = await joinModules(tools, programs);
  const old = wanted.filter((path) => !isMadeOf(path, tools.sumOf(mains.get(basename(path)))));
  await Promise.all(
    old.map(async (path) => {
      const main = mains.get(basename(path));
      const name = basename(path);
      const contents = await singleFile(tools, { main, files }, name, !untrained.includes(name));
      replaceFile(path, Buffer.from(`${contents}//${tools.sumOf(main)}\n`), 0o777);
    }),
  );
  return old.length;
}

function isMadeOf(path, sum) {
  return existsSync(path) && readFileSync(path, "latin1").endsWith(`//${sum}\n`);
}

/** The parts of `drawbar build`, loaded here because they are not there before the first compilation. */
async function loadTools() {
  const folder = join(root, "packages", "cli", "dist", "build");
  const hash = createHash("sha256").update(process.version + process.arch);
  const modules = readdirSync(folder).filter((name) => /^(?!.*\.test\.).*\.js$/.test(name));
  for (const path of [fileURLToPath(import.meta.url), ...modules.map((name) => join(folder, name))])
    hash.update(readFileSync(path));
  const sum = hash.digest("hex");
  const parts = [
    "code-cache",
    "join-chunks",
    "light-descriptors",
    "script-prelude",
    "single-file",
    "train-program",
  ];
  const loaded = await Promise.all(parts.map((name) => import(join(folder, `${name}.js`))));
  return {
    build: (await import("esbuild")).build,
    /** Changes with a program and with what makes a file of it. */
    sumOf: (main) =>
      createHash("sha256")
        .update(main + sum)
        .digest("hex"),
    ...Object.assign({}, ...loaded),
  };
}

/** All modules in few. The name of a main one has a hash in it, which changes with it and with what it imports. */
async function joinModules({ build, lightDescriptors, metaNames }, programs) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.values(programs),
    outdir: "/test-plugins",
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
  };
}

async function singleFile(tools, chunks, name, trained) {
  const { joinChunks, functionOf, makeCodeCache, cachedFile, cachedPlace, trainProgram } = tools;
  const script = await joinChunks(chunks, true);
  const mapName = `${name}.map`;
  const code = trained
    ? await trainProgram(cachedFile(script, new Uint8Array(0), mapName).contents, join(tmpdir(), name))
    : await makeCodeCache(functionOf(script), { filename: name, ...cachedPlace });
  return cachedFile(script, code, mapName).contents;
}
