/** One figure: two contenders measured the same way in the same run. */
export interface Question {
  readonly name: string;
  readonly mode: "p50" | "rps";
  readonly ours: string;
  readonly peer: string;
  /** The ratio ours / peer to reach: at most it for p50, at least it for rps; absent where none is set. */
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
];
