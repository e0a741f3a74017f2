import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteStream } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import { Session, type SessionOptions } from "@drawbar/yamux";
import { peerPath } from "../support/peer-path.ts";

export type Role = "client" | "server";

/** A hashicorp/yamux session in a process of its own, and our end of its connection. */
export interface GoPeer extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly socket: Socket;
}

/** Starts the peer in `role`; `args` as in conformance/peers/yamux/main.go. */
export async function goPeer(role: Role, args: readonly string[] = []): Promise<GoPeer> {
  const folder = await mkdtemp(join(tmpdir(), "yamux-"));
  const path = join(folder, "s");
  const listener = createServer({ allowHalfOpen: true });
  listener.listen(path);
  await once(listener, "listening");
  const child = spawn(await peerPath("yamux"), ["-role", role, "-addr", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [socket] = (await once(listener, "connection")) as [Socket];
  listener.close();
  return {
    process: child,
    socket,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A peer in the other role, with our session on its connection. */
export interface GoSession extends AsyncDisposable {
  readonly session: Session;
  readonly peer: GoPeer;
}

export async function goSession(
  ourRole: Role,
  options: Omit<SessionOptions, "role"> = {},
  args: readonly string[] = [],
): Promise<GoSession> {
  const peer = await goPeer(ourRole === "client" ? "server" : "client", args);
  const session = new Session(socketStream(peer.socket), { role: ourRole, ...options });
  return {
    session,
    peer,
    async [Symbol.asyncDispose]() {
      session.destroy();
      await session.closed;
      await peer[Symbol.asyncDispose]();
    },
  };
}

/** Opens a stream, sends `line`, then `body`, then the end; resolves with all that comes back. */
export function request(
  session: Session,
  line: string,
  body: Uint8Array = new Uint8Array(0),
): Promise<Buffer> {
  const stream = session.open();
  const answer = readAll(stream);
  stream.write(Buffer.from(`${line}\n`));
  if (body.length > 0) stream.write(body);
  stream.end();
  return answer;
}

/** All bytes to the end of the stream; rejects with the error that it closes with. */
export function readAll(stream: ByteStream, onDrain: () => void = () => {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    stream.start({
      onData: (piece) => pieces.push(Buffer.from(piece)),
      onEnd: () => resolve(Buffer.concat(pieces)),
      onDrain,
      onClose: (error) => reject(error ?? new Error("closed before the end")),
    });
  });
}

/** Sends back what it reads, with back-pressure, and ends after the peer's end. */
export function echo(stream: ByteStream): void {
  stream.start({
    onData(piece) {
      if (!stream.write(piece.slice())) stream.pause();
    },
    onEnd: () => stream.end(),
    onDrain: () => stream.resume(),
    onClose() {},
  });
}

/** The bytes that the peer's `source` and `open` send. */
export function pattern(size: number): Buffer {
  const block = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) block[i] = (i % 65536) * 7;
  return block;
}
