import { connect, type NetConnectOpts, type Socket } from "node:net";
import { type ByteStream, onAbort, toError } from "@drawbar/io";
import { socketStream } from "./socket-stream.ts";

/** Where a listener can be reached: a unix socket's path, or a TCP host and port. */
export type SocketAddress =
  | { readonly network: "unix"; readonly path: string }
  | { readonly network: "tcp"; readonly host: string; readonly port: number };

/**
 * Connects to `address` and resolves with the socket once it is connected.
 * Rejects with the system's error (`ENOENT`, `ECONNREFUSED`, …) or with the signal's reason.
 */
export function connectSocket(address: SocketAddress, signal?: AbortSignal): Promise<Socket> {
  const target: NetConnectOpts =
    address.network === "unix" ? { path: address.path } : { host: address.host, port: address.port };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...target, allowHalfOpen: true });
    const removeAbort = onAbort(signal, (reason) => socket.destroy(toError(reason)));
    const settle = (): void => {
      removeAbort();
      socket.off("error", fail);
      socket.off("connect", succeed);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const succeed = (): void => {
      settle();
      resolve(socket);
    };
    socket.once("error", fail);
    socket.once("connect", succeed);
  });
}

/** As `connectSocket`, with the socket as a ByteStream. */
export async function connectStream(address: SocketAddress, signal?: AbortSignal): Promise<ByteStream> {
  return socketStream(await connectSocket(address, signal));
}
