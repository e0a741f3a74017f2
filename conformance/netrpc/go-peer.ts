import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peerPath } from "../support/peer-path.ts";

export type Network = "tcp" | "unix";

/** A Go program that speaks net/rpc, connected to us. */
export interface GoPeer extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly socket: Socket;
  /** What it prints until it exits. */
  readonly output: Promise<string>;
}

/** Starts conformance/peers/netrpc in `mode` and takes its connection. */
export async function goPeer(mode: "client" | "server", network: Network): Promise<GoPeer> {
  const folder = await mkdtemp(join(tmpdir(), "netrpc-"));
  const listener = createServer({ allowHalfOpen: true });
  if (network === "unix") listener.listen(join(folder, "s"));
  else listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address() as AddressInfo | string;
  const target = typeof address === "string" ? address : `127.0.0.1:${address.port}`;
  const child = spawn(await peerPath("netrpc"), [mode, network, target], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = collect(child);
  const [socket] = (await once(listener, "connection")) as [Socket];
  listener.close();
  return {
    process: child,
    socket,
    output,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the program prints when it is run in a mode that connects to nothing. */
export async function runPeer(mode: string): Promise<string> {
  return collect(spawn(await peerPath("netrpc"), [mode], { stdio: ["ignore", "pipe", "inherit"] }));
}

async function collect(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (piece) => {
    text += String(piece);
  });
  await once(child, "close");
  return text.trim();
}
