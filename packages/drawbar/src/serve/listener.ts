import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { DrawbarError } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import type { Environment } from "../handshake/plugin-environment.ts";
import { portRangeFromHost } from "./port-range.ts";
import { makeSocketPlace } from "./socket-directory.ts";

/** A socket that connections are taken on. */
export interface Listener {
  readonly address: SocketAddress;
  /** Takes no more connections, and removes what was made in the file system for it. */
  close(): void;
}

/**
 * Listens on a unix socket in a private folder, or on 127.0.0.1 in the host's port range.
 * Resolves with the address; a unix socket and its folder are removed when the process exits.
 * `network` defaults to what go-plugin uses on this platform: TCP on Windows, unix elsewhere.
 */
export async function listen(
  network: "unix" | "tcp" | undefined,
  env: Environment,
  onConnection: (socket: Socket) => void,
): Promise<SocketAddress> {
  return (await openListener(network, env, onConnection)).address;
}

/** `listen`, for who stops listening before the process ends. */
export async function openListener(
  network: "unix" | "tcp" | undefined,
  env: Environment,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  // Half-open sockets: an HTTP/2 peer may end its direction and still read ours.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
  const chosen = network ?? (process.platform === "win32" ? "tcp" : "unix");
  const listener = await (chosen === "unix" ? listenUnix(server, env) : listenTcp(server, env));
  // A connection that cannot be accepted (no descriptors left) is the peer's loss, not the plugin's end.
  server.on("error", () => {});
  return listener;
}

async function listenUnix(server: Server, env: Environment): Promise<Listener> {
  const place = makeSocketPlace(env);
  const remove = (): void => place.remove();
  // Whatever ends the process in order from here on.
  process.once("exit", remove);
  const close = (): void => {
    server.close();
    process.off("exit", remove);
    remove();
  };
  try {
    await listening(server, { path: place.path });
    place.applyGroup();
  } catch (error) {
    close();
    throw error;
  }
  return { address: { network: "unix", path: place.path }, close };
}

async function listenTcp(server: Server, env: Environment): Promise<Listener> {
  const host = "127.0.0.1";
  const { min, max } = portRangeFromHost(env);
  let cause: unknown;
  for (let port = min; port <= max; port++) {
    try {
      await listening(server, { host, port });
      const bound = server.address();
      const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
      return { address: { network: "tcp", host, port: boundPort }, close: () => server.close() };
    } catch (error) {
      cause = error;
    }
  }
  throw new DrawbarError(
    "tcp-listen-failed",
    `couldn't bind plugin TCP listener on ${host}, ports ${min} to ${max}`,
    { cause },
  );
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
