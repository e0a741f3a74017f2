// Which package may import which (type-only imports too), and where node's own modules are allowed.
// ARCHITECTURE.md explains the table; `npm run check` fails on anything outside it.
require("./swc-using.cjs");

const layers = {
  io: [],
  yamux: ["io"],
  gob: ["io"],
  netrpc: ["io", "gob"],
  http2: ["io"],
  grpc: ["io", "http2"],
  x509: ["io"],
  drawbar: ["io", "yamux", "gob", "netrpc", "http2", "grpc", "x509"],
  "connect-ca": ["io", "gob", "netrpc", "grpc", "x509", "drawbar"],
  install: ["io", "drawbar"],
  cli: ["io", "yamux", "gob", "netrpc", "http2", "grpc", "x509", "drawbar", "connect-ca", "install"],
};

// Node's modules by package; a package that is not listed may use them all.
const nodeModules = {
  io: [],
  yamux: ["buffer"],
  gob: ["buffer"],
  netrpc: ["buffer"],
  http2: ["buffer"],
  grpc: ["buffer", "zlib"],
  x509: ["crypto", "buffer"],
};

const tests = "(\\.test\\.ts$|^packages/[^/]+/test/)";

const layerRules = Object.entries(layers).map(([name, allowed]) => ({
  name: `layer-${name}`,
  comment: `packages/${name} may import ${allowed.length === 0 ? "no other package" : allowed.join(", ")}`,
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: tests },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
}));

const nodeRules = Object.entries(nodeModules).map(([name, allowed]) => ({
  name: `node-apis-${name}`,
  comment: `packages/${name} may use of node's modules: ${allowed.join(", ") || "none"}`,
  severity: "error",
  from: { path: `^packages/${name}/src/`, pathNot: `${tests}|^packages/io/src/node/|^packages/gob/src/bin/` },
  to: { dependencyTypes: ["core"], pathNot: `^(node:)?(${allowed.join("|") || "-"})$` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...nodeRules,
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "resolvable",
      comment: "an import that cannot be resolved cannot be checked: compile first, export what is public",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "index-is-for-outsiders",
      comment: "index.ts names a package's exports; nothing inside the package imports it",
      severity: "error",
      from: { path: "^packages/([^/]+)/src/" },
      to: { path: "^packages/$1/src/(node/)?index\\.ts$", pathNot: "^packages/io/src/index\\.ts$" },
    },
    {
      name: "public-names-only",
      comment: "tests in test/, examples, conformance and bench use what users can use",
      severity: "error",
      from: { path: "^(packages/[^/]+/test|examples|conformance|bench)/" },
      to: { path: "^packages/[^/]+/src/" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules|/dist/|/dist-test/|/bundle/" },
    exclude: { path: "^packages/[^/]+/(dist|dist-test)/.*\\.test\\." },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "default"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
