import type { Socket } from "node:net";
import { systemClock } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { takeInheritedConnection } from "../connect/inherited-connection.ts";
import type { Listener } from "../listen/listening-place.ts";
import type { PluginTransport } from "./plugin-transport.ts";

// How long a host that does not speak keeps others from attaching. A host that waits for them does not.
const longestDelayMs = 20;

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
 * With the connection, listening waits until the host's first requests are answered: this host has no need of it, and
 * others hear of the address from this one.
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
      await firstBytes(connection);
      accept(connection);
      await new Promise((resolve) => setImmediate(resolve));
      await listen();
    },
  };
}

// Nothing is to be done for the host before it speaks, and what is not done yet makes V8 collect garbage later.
function firstBytes(connection: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = systemClock.setTimer(longestDelayMs, done);
    connection.on("readable", done);
    connection.on("close", done);
    function done(): void {
      timer.cancel();
      connection.off("readable", done);
      connection.off("close", done);
      resolve();
    }
  });
}
