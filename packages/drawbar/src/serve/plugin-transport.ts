import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ByteStream, systemClock } from "@drawbar/io";
import { type SocketAddress, socketStream, toDuplex } from "@drawbar/io/node";
import type { Brokering } from "../broker/brokering.ts";
import type { Announcement } from "../handshake/format-handshake-line.ts";
import { parseGoBool } from "../handshake/go-text.ts";
import type { Protocol } from "../handshake/handshake.ts";
import type { Environment } from "../handshake/plugin-environment.ts";
import { endWithThisProcess } from "../launch/live-plugins.ts";
import { type Listener, ListeningPlace } from "../listen/listening-place.ts";
import type { Logger } from "../log/logger.ts";
import type { MuxServer } from "../mux/mux-server.ts";
import { AnnouncedSockets } from "../terminate/announced-sockets.ts";
import { removeHostFolder } from "../terminate/host-folder.ts";
import { type PluginSecurity, pluginSecurity } from "./plugin-security.ts";
import type { ServeOptions } from "./serve-options.ts";

type OnSocket = (socket: Socket) => void;
type OnStream = (stream: ByteStream) => void;

const socketName = "plugin.sock";

/** How a plugin program is reached: its socket, what secures it, and whether it is shared (multiplexing). */
export class PluginTransport {
  /** What the handshake line tells of this. */
  readonly announcement: Pick<Announcement, "serverCert" | "multiplex">;
  /** For the brokers of this plugin. */
  readonly brokering: Brokering;
  readonly #mux: MuxServer | undefined;
  readonly #hostFolder: string;
  #forget: (() => void) | undefined;
  // The plugin was there before any of the host's.
  readonly #hostSockets = new AnnouncedSockets(Date.now() - process.uptime() * 1000);

  private constructor(
    place: ListeningPlace,
    security: PluginSecurity,
    mux: MuxServer | undefined,
    hostFolder: string,
    logger: Logger,
  ) {
    this.#hostFolder = hostFolder;
    this.announcement = {
      ...(security.serverCert === undefined ? {} : { serverCert: security.serverCert }),
      ...(mux === undefined ? {} : { multiplex: true }),
    };
    const onNote = this.#hostSockets.note;
    this.brokering = { security: security.transport, place, mux, onNote, clock: systemClock, logger };
    this.#mux = mux;
  }

  /** As the options say and the host asks for. */
  static async create(
    options: ServeOptions,
    protocol: Protocol,
    env: Environment,
    logger: Logger,
  ): Promise<PluginTransport> {
    const clientCert = env["PLUGIN_CLIENT_CERT"] ?? "";
    const security = await pluginSecurity(options, clientCert, protocol === "grpc" ? "h2" : undefined);
    const multiplexed = protocol === "grpc" && parseGoBool(env["PLUGIN_MULTIPLEX_GRPC"] ?? "") === true;
    const mux = multiplexed ? await loadMux() : undefined;
    return new PluginTransport(
      new ListeningPlace(options.network, env),
      security,
      mux,
      env["PLUGIN_UNIX_SOCKET_DIR"] ?? "",
      logger.named("broker"),
    );
  }

  /** What takes a connection and gives it to `onStream` once it is secured. */
  acceptor(onStream: OnStream): OnSocket {
    const mux = this.#mux;
    const secured = this.#securing(onStream);
    if (mux === undefined) return secured ?? ((socket) => onStream(socketStream(socket)));
    const onMuxed = secured === undefined ? onStream : (stream: ByteStream) => secured(toDuplex(stream));
    return (socket) => mux.accept(socketStream(socket), onMuxed);
  }

  /** Where `listen` will listen, if that can be told before. */
  reserve(): SocketAddress | undefined {
    this.#removeAtExit();
    return this.brokering.place.addressOf(socketName);
  }

  /** Listens, and gives each connection to `accept`. */
  async listen(accept: OnSocket): Promise<Listener> {
    const { place } = this.brokering;
    const forget = this.#removeAtExit();
    const { address, close } = await place.listen(accept, socketName);
    return {
      address,
      close: () => {
        close();
        forget();
        place.remove();
      },
    };
  }

  /** The host is gone: removes what it left in the file system, and what this plugin put there. */
  removeHostSockets(): void {
    this.#hostSockets.remove();
    this.brokering.place.remove();
    removeHostFolder(this.#hostFolder);
  }

  // Whatever ends the process in order from here on.
  #removeAtExit(): () => void {
    this.#forget ??= endWithThisProcess(() => this.brokering.place.remove());
    return this.#forget;
  }

  #securing(onStream: OnStream): ((connection: Duplex) => void) | undefined {
    const { security, logger } = this.brokering;
    return security?.acceptor(onStream, (error) => logger.warn("refused a connection", { error }));
  }
}

async function loadMux(): Promise<MuxServer> {
  const { MuxServer } = await import("../mux/mux-server.ts");
  return new MuxServer(systemClock);
}
