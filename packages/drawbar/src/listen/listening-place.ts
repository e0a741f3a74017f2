import { renameSync, rmSync } from "node:fs";
import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { DrawbarError } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import type { Environment } from "../handshake/plugin-environment.ts";
import { portRangeFromHost } from "./port-range.ts";
import { SocketFolder } from "./socket-folder.ts";

/** A listening socket. */
export interface Listener {
  readonly address: SocketAddress;
  /** Takes no more connections, and removes what it left in the file system. */
  close(): void;
}

/**
 * Where a process listens, for the plugin itself and for brokered connections: on unix sockets in one private
 * folder, or on 127.0.0.1 in the port range of `env`. The folder is made with the first socket.
 */
export class ListeningPlace {
  readonly #network: "unix" | "tcp";
  readonly #env: Environment;
  #folder: SocketFolder | undefined;
  #count = 0;

  /** `network` defaults to what go-plugin uses on this platform: TCP on Windows, unix elsewhere. */
  constructor(network: "unix" | "tcp" | undefined, env: Environment) {
    this.#network = network ?? (process.platform === "win32" ? "tcp" : "unix");
    this.#env = env;
  }

  /** Where `listen` will listen by this name, if that can be told before: the folder is made, no socket yet. */
  addressOf(name: "plugin.sock"): SocketAddress | undefined {
    if (this.#network !== "unix") return undefined;
    return { network: "unix", path: this.#socketFolder().socketPath(name) };
  }

  /** Rejects with the system's error, or with a DrawbarError if there is no path or port to listen on. */
  async listen(onSocket: (socket: Socket) => void, name?: "plugin.sock"): Promise<Listener> {
    // Half-open sockets: an HTTP/2 peer may end its direction and still read ours.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onSocket);
    const address = await (this.#network === "unix"
      ? this.#listenUnix(server, name)
      : this.#listenTcp(server));
    // A connection that cannot be accepted (no descriptors left) is the peer's loss, not this process's end.
    server.on("error", () => {});
    const close = (): void => {
      // Node removes a unix socket with its server, by the name that it was made with.
      server.close();
      if (name !== undefined && address.network === "unix") rmSync(address.path, { force: true });
    };
    return { address, close };
  }

  /** Removes what is left in the file system. */
  remove(): void {
    this.#folder?.remove();
    this.#folder = undefined;
  }

  async #listenUnix(server: Server, name: string | undefined): Promise<SocketAddress> {
    const folder = this.#socketFolder();
    this.#count = (this.#count + 1) >>> 0;
    const path = folder.socketPath(`b${this.#count}`);
    await listening(server, { path });
    folder.applyGroup(path);
    if (name === undefined) return { network: "unix", path };
    // Whoever waits for it by its name finds it ready.
    const named = folder.socketPath(name);
    renameSync(path, named);
    return { network: "unix", path: named };
  }

  #socketFolder(): SocketFolder {
    this.#folder ??= new SocketFolder(this.#env);
    return this.#folder;
  }

  async #listenTcp(server: Server): Promise<SocketAddress> {
    const host = "127.0.0.1";
    const { min, max } = portRangeFromHost(this.#env);
    let cause: unknown;
    for (let port = min; port <= max; port++) {
      try {
        await listening(server, { host, port });
        const bound = server.address();
        const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
        return { network: "tcp", host, port: boundPort };
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
