import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Channel, type ChannelOptions, Server, type ServerOptions } from "@drawbar/grpc";
import { connectStream, socketStream } from "@drawbar/io/node";
import { testService, testServiceHandlers } from "./test-service.ts";

/** A program's output; its stderr is in the error if it fails. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 60_000 });
  return stdout;
}

/** A server of ours on a loopback port. */
export interface Listening extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
}

/** Serves grpc.testing.TestService, and what `add` adds. */
export async function serveTestService(
  options?: ServerOptions,
  add?: (server: Server) => void,
): Promise<Listening> {
  const server = new Server(options).addService(testService, testServiceHandlers);
  add?.(server);
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    server.serve(socketStream(socket));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    server,
    port: (listener.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(listener, "close");
      listener.close();
      await server.close({ graceMs: 1000 });
      await closed;
    },
  };
}

/** A channel to a loopback port. */
export function channelTo(port: number, options: Partial<ChannelOptions> = {}): Channel {
  return new Channel({
    connect: () => connectStream({ network: "tcp", host: "127.0.0.1", port }),
    ...options,
  });
}

/** A foreign server. */
export interface ForeignServer extends AsyncDisposable {
  readonly port: number;
}

/** grpc-go's interop server, on a port that was free a moment ago. */
export async function goInteropServer(program: string): Promise<ForeignServer> {
  const port = await freePort();
  const env = { ...process.env, GRPC_GO_LOG_SEVERITY_LEVEL: "info" };
  const child = spawn(program, ["-port", String(port)], { env, stdio: ["ignore", "ignore", "pipe"] });
  await lineOf(child, child.stderr, /listening on/);
  return { port, [Symbol.asyncDispose]: () => end(child) };
}

/** A server of our own making on grpc-go, which prints its address. */
export async function goServer(program: string): Promise<ForeignServer> {
  const child = spawn(program, ["serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const address = await lineOf(child, child.stdout, /:\d+$/);
  return { port: Number(address.split(":").pop()), [Symbol.asyncDispose]: () => end(child) };
}

async function lineOf(child: ChildProcess, output: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  const lines = createInterface({ input: output });
  try {
    for await (const line of lines) if (wanted.test(line)) return line;
  } finally {
    lines.close();
    output.resume();
  }
  throw new Error(`${child.spawnfile} ended before it listened, with code ${child.exitCode}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
