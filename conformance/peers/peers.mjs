/**
 * Every foreign program that drawbar is tested against, and how it comes to be: data.
 *
 * They are built in the order below into a cache outside the repository, keyed by the recipe, the
 * sources it names and the toolchain; `node scripts/peers.mjs` builds them all, `node scripts/peers.mjs
 * NAME …` some, and a test gets a path with `peerPath(name, binary?)` of `conformance/support/peer-path.ts`,
 * which builds what is missing. Put quick builds first.
 *
 * To add a peer, add an entry here and, for a program of our own, its folder `conformance/peers/NAME/`
 * with go.mod, go.sum and main.go:
 *
 *   NAME: { kind: "go-module", areas: ["http2"] }
 *
 * - areas   the folders of conformance/ (or "bench") that use the peer
 * - kind    "go-module": `go build` in the folders `sources` laid over each other (default: the folder
 *           NAME alone), so that one program can be built against several versions of a library
 *           "go-install": `go install` of programs of a published module: `module`, `version`
 *           "python-venv": a virtual environment with the packages of `requirements` (pinned: name==version)
 *           "npm": a folder with `packages` (pinned: name@version) installed
 * - programs  binary name → what makes it: the Go package to build (default: { NAME: "." }; for
 *           "go-install" relative to the module), or for "python-venv" and "npm" its path in the folder
 */
export const peers = {
  netrpc: { kind: "go-module", areas: ["netrpc"] },
  yamux: { kind: "go-module", areas: ["yamux"] },
  gob: { kind: "go-module", areas: ["gob"] },
  x509: { kind: "go-module", areas: ["x509"] },
  hpack: { kind: "go-module", areas: ["http2"] },
  versions: { kind: "go-module", areas: ["install"] },
  h2spec: {
    kind: "go-module",
    areas: ["http2"],
    programs: { h2spec: "github.com/summerwind/h2spec/cmd/h2spec" },
  },
  "goplugin-examples": {
    kind: "go-install",
    areas: ["drawbar", "install", "netrpc"],
    module: "github.com/hashicorp/go-plugin",
    version: "v1.8.0",
    programs: {
      "basic-host": "examples/basic",
      "basic-plugin": "examples/basic/plugin",
      "grpc-host": "examples/grpc",
      "grpc-plugin": "examples/grpc/plugin-go-grpc",
      "netrpc-plugin": "examples/grpc/plugin-go-netrpc",
      "negotiated-host": "examples/negotiated",
      "negotiated-plugin": "examples/negotiated/plugin-go",
      "bidirectional-host": "examples/bidirectional",
      "bidirectional-plugin": "examples/bidirectional/plugin-go-grpc",
      "streaming-host": "examples/streaming",
      "streaming-plugin": "examples/streaming/plugin",
    },
  },
  "goplugin-grpc-1.8.0": ownGoPlugin("1.8.0"),
  "goplugin-grpc-1.6.3": ownGoPlugin("1.6.3"),
  "goplugin-grpc-1.6.0": ownGoPlugin("1.6.0"),
  "goplugin-grpc-1.4.8": ownGoPlugin("1.4.8"),
  "goplugin-grpc-1.4.3": ownGoPlugin("1.4.3"),
  "goplugin-grpc-1.0.1": ownGoPlugin("1.0.1"),
  "goplugin-netrpc-1.8.0": ownGoPlugin("1.8.0", "netrpc"),
  "goplugin-netrpc-1.6.3": ownGoPlugin("1.6.3", "netrpc"),
  "goplugin-netrpc-1.4.8": ownGoPlugin("1.4.8", "netrpc"),
  "goplugin-netrpc-1.0.1": ownGoPlugin("1.0.1", "netrpc"),
  "grpc-go-interop": {
    kind: "go-install",
    areas: ["grpc"],
    module: "google.golang.org/grpc",
    version: "v1.83.0",
    programs: { client: "interop/client", server: "interop/server" },
  },
  "grpc-reflect": { kind: "go-module", areas: ["grpc"] },
  "python-grpcio": {
    kind: "python-venv",
    areas: ["drawbar"],
    requirements: ["grpcio==1.80.0", "grpcio-health-checking==1.80.0"],
    programs: { python: "bin/python" },
  },
  signatures: { kind: "go-module", areas: ["install"] },
  // A provider as HashiCorp releases it, on the protocol that Terraform speaks with go-plugin.
  "terraform-provider-time": {
    kind: "go-module",
    areas: ["install"],
    programs: { "terraform-provider-time": "github.com/hashicorp/terraform-provider-time" },
  },
  // The test runners, besides node's own, that the test kit is for.
  vitest: {
    kind: "npm",
    areas: ["drawbar"],
    packages: ["vitest@4.1.12"],
    programs: { vitest: "node_modules/vitest/vitest.mjs" },
  },
  jest: {
    kind: "npm",
    areas: ["drawbar"],
    packages: ["jest@30.5.2"],
    programs: { jest: "node_modules/jest/bin/jest.js" },
  },
  bench: { kind: "go-module", areas: ["bench"] },
  // Consul's CA providers and their host on go-plugin 1.0.1, and Consul itself.
  "consul-1.6.10": {
    kind: "go-module",
    areas: ["connect-ca", "bench"],
    programs: { "consul-ca": "." },
  },
  // The three eras of Vault's PKI engine, one to four minutes each.
  "vault-1.1.0": { kind: "go-module", areas: ["connect-ca"] },
  "vault-1.2.4": {
    kind: "go-module",
    areas: ["connect-ca"],
    programs: { vault: "github.com/hashicorp/vault" },
  },
  "vault-1.21.2": { kind: "go-module", areas: ["connect-ca", "mesh"] },
};

// One program of ours against several releases of go-plugin: a host and a plugin, chosen by argument.
function ownGoPlugin(version, protocol = "grpc") {
  return {
    kind: "go-module",
    areas: ["drawbar"],
    sources: ["goplugin-shared", `goplugin-${protocol}`, `goplugin-${protocol}-${version}`],
    programs: { goplugin: "." },
  };
}
