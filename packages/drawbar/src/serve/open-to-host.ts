import type { Socket } from "node:net";
import type { SocketAddress } from "@drawbar/io/node";
import { takeInheritedConnection } from "../connect/inherited-connection.ts";
import type { Listener } from "../listen/listening-place.ts";
import type { PluginTransport } from "./plugin-transport.ts";

// By then the host's first requests are answered, where the machine is not slow. Listening takes as long as one of them.
const listeningDelayMs = 30;

/** A plugin whose handshake line can be written. */
export interface OpenedPlugin {
  readonly address: SocketAddress;
  /** It serves the connection that it was started with. */
  readonly inherited?: true;
  /** To be called once the line is written. Resolves once any host can connect; rejects if none can. */
  begin(): Promise<void>;
}

/**
 * Opens a plugin to the host that started it: by the connection that it was started with, or else by listening.
 *
 * With the connection, listening waits a moment: this host has no need of it, and others hear of the address from this
 * one, which waits for it before it tells them.
 *
 * @param onSocket sees each connection first
 * @param accept takes it when it is to be served
 */
export async function openToHost(
  transport: PluginTransport,
  onSocket: (socket: Socket) => void,
  accept: (socket: Socket) => void,
): Promise<OpenedPlugin> {
  const listen = (): Promise<Listener> =>
    transport.listen((socket) => {
      onSocket(socket);
      accept(socket);
    });
  const reserved = transport.reserve();
  const connection = reserved === undefined ? undefined : takeInheritedConnection();
  if (reserved === undefined || connection === undefined) {
    const { address } = await listen();
    return { address, begin: async () => {} };
  }
  return {
    address: reserved,
    inherited: true,
    begin: async () => {
      onSocket(connection);
      accept(connection);
      // A timer that keeps the process alive, which nothing else does once the host has closed the connection.
      await new Promise((resolve) => setTimeout(resolve, listeningDelayMs));
      await listen();
    },
  };
}
