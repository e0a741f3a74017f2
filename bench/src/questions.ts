/** What is measured: a median time (less is better), or a rate (more is better). */
export type Mode = "p50" | "rps" | "server_stream" | "client_stream" | "encode" | "decode";

/** One figure: two contenders measured the same way in the same run. */
export interface Question {
  readonly name: string;
  readonly mode: Mode;
  readonly ours: string;
  readonly peer: string;
  /** The ratio ours / peer to reach: at most it for p50, at least it otherwise; absent where none is set. */
  readonly target?: number;
}

/** Every ratio that `npm run bench` prints, in order. */
export const questions: readonly Question[] = [
  { name: "grpc.unary.p50_vs_go", mode: "p50", ours: "drawbar grpc", peer: "go grpc", target: 1.0 },
  { name: "grpc.unary.rps_vs_go", mode: "rps", ours: "drawbar grpc", peer: "go grpc", target: 1.5 },
  { name: "grpc.unary.p50_vs_raw", mode: "p50", ours: "drawbar grpc", peer: "raw socket", target: 1.8 },
  { name: "grpc.unary.rps_vs_grpcjs", mode: "rps", ours: "drawbar grpc", peer: "grpc-js", target: 8 },
  {
    name: "grpc.unary.p50_vs_ipc",
    mode: "p50",
    ours: "drawbar grpc",
    peer: "child_process IPC",
    target: 1.3,
  },
  { name: "grpc.unary.rps_vs_ipc", mode: "rps", ours: "drawbar grpc", peer: "child_process IPC" },
  { name: "grpc.unary.rps_vs_jsonrpc", mode: "rps", ours: "drawbar grpc", peer: "vscode-jsonrpc" },
  {
    name: "grpc.server_stream.mbps_vs_go",
    mode: "server_stream",
    ours: "drawbar grpc",
    peer: "go grpc",
    target: 1.0,
  },
  {
    name: "grpc.client_stream.mbps_vs_go",
    mode: "client_stream",
    ours: "drawbar grpc",
    peer: "go grpc",
    target: 1.0,
  },
  { name: "grpc.mtls.p50_vs_go", mode: "p50", ours: "drawbar mtls", peer: "go mtls", target: 1.0 },
  { name: "grpc.mtls.rps_vs_go", mode: "rps", ours: "drawbar mtls", peer: "go mtls", target: 1.0 },
  {
    name: "mixed.our_host_go_plugin.p50_vs_go",
    mode: "p50",
    ours: "drawbar host, go plugin",
    peer: "go grpc",
    target: 1.1,
  },
  {
    name: "mixed.go_host_our_plugin.p50_vs_go",
    mode: "p50",
    ours: "go host, drawbar plugin",
    peer: "go grpc",
    target: 1.1,
  },
  { name: "netrpc.unary.p50_vs_go", mode: "p50", ours: "drawbar netrpc", peer: "go netrpc", target: 1.0 },
  { name: "netrpc.unary.rps_vs_go", mode: "rps", ours: "drawbar netrpc", peer: "go netrpc", target: 1.0 },
  { name: "yamux.stream.mbps_vs_go", mode: "client_stream", ours: "drawbar yamux", peer: "go yamux" },
  { name: "gob.encode_vs_go", mode: "encode", ours: "drawbar gob", peer: "go gob" },
  { name: "gob.decode_vs_go", mode: "decode", ours: "drawbar gob", peer: "go gob" },
  { name: "ca.sign.rps_vs_go", mode: "rps", ours: "built-in CA", peer: "consul CA" },
  {
    name: "ca.sign_plugin.rps_vs_go",
    mode: "rps",
    ours: "built-in CA over grpc",
    peer: "consul CA over grpc",
    target: 1.0,
  },
  {
    name: "ca.sign_plugin_netrpc.rps_vs_go",
    mode: "rps",
    ours: "built-in CA over netrpc",
    peer: "consul CA over netrpc",
  },
];
