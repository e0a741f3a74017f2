import { fileURLToPath } from "node:url";
import { createCertificateRequestSync, generateKeySync } from "@drawbar/x509";

const script = (name: string): string => fileURLToPath(new URL(`./contenders/${name}.js`, import.meta.url));
const node = (name: string, ...args: string[]): string[] => [process.execPath, script(name), ...args];

/**
 * The command that starts each contender's host; the host starts its plugin itself.
 *
 * @param go path of the Go program that `conformance/peers/bench` builds
 * @param consul path of the Go program that `conformance/peers/consul-1.6.10` builds
 */
export function contenderCommands(go: string, consul: string): Readonly<Record<string, readonly string[]>> {
  const ours = node("drawbar-plugin");
  const csr = leafRequest();
  return {
    "drawbar grpc": node("drawbar-host", ...ours),
    "go grpc": [go, "host", "grpc", go, "plugin", "grpc"],
    "drawbar mtls": node("drawbar-host", "--mtls", ...ours),
    "go mtls": [go, "host-mtls", "grpc", go, "plugin", "grpc"],
    "drawbar host, go plugin": node("drawbar-host", go, "plugin", "grpc"),
    "go host, drawbar plugin": [go, "host", "grpc", ...ours],
    "drawbar netrpc": node("drawbar-netrpc-host", ...node("drawbar-netrpc-plugin")),
    "go netrpc": [go, "host", "netrpc", go, "plugin", "netrpc"],
    "drawbar yamux": node("yamux-host"),
    "go yamux": [go, "host", "yamux"],
    "drawbar gob": node("gob-host"),
    "go gob": [go, "host", "gob"],
    "raw socket": node("raw-host"),
    "grpc-js": node("grpcjs-host"),
    "child_process IPC": node("ipc-host"),
    "vscode-jsonrpc": node("jsonrpc-host"),
    "built-in CA": node("ca-host", "inprocess", csr),
    "built-in CA over grpc": node("ca-host", "grpc", csr, process.execPath, builtinPlugin),
    "built-in CA over netrpc": node("ca-host", "netrpc", csr, process.execPath, builtinPlugin),
    "consul CA": [consul, "bench", "inprocess", csr],
    "consul CA over grpc": [consul, "bench", "grpc", csr, consul, "serve", "consul", "grpc"],
    "consul CA over netrpc": [consul, "bench", "netrpc", csr, consul, "serve", "consul", "netrpc"],
  };
}

// A package's programs are next to the module that its main export resolves to.
const builtinPlugin = fileURLToPath(
  new URL("./bin/connect-ca-provider-builtin.js", import.meta.resolve("connect-ca")),
);

/** A service's request, the same for all: P-256 and a SPIFFE id. In base64, for a command line. */
function leafRequest(): string {
  const key = generateKeySync({ type: "ec", curve: "P-256" }).privateKey;
  const uri = "spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/web";
  const { raw } = createCertificateRequestSync({ key, subjectAltNames: { uris: [uri] } });
  return Buffer.from(raw).toString("base64");
}
