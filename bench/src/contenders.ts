import { fileURLToPath } from "node:url";

const script = (name: string): string => fileURLToPath(new URL(`./contenders/${name}.js`, import.meta.url));
const node = (name: string, ...args: string[]): string[] => [process.execPath, script(name), ...args];

/**
 * The command that starts each contender's host; the host starts its plugin itself.
 *
 * @param go path of the Go program that `conformance/peers/bench` builds
 */
export function contenderCommands(go: string): Readonly<Record<string, readonly string[]>> {
  const ours = node("drawbar-plugin");
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
  };
}
