import { type ByteStream, type Clock, isDrawbarError } from "@drawbar/io";
import { type ServedConnection, Server } from "@drawbar/netrpc";
import { Session } from "@drawbar/yamux";
import { brokeredServiceName, MuxBroker } from "../../broker/mux-broker.ts";
import type { Logger } from "../../log/logger.ts";
import type { NetRpcSettings } from "../../plugin/netrpc-settings.ts";
import type { ServedPluginSet } from "../../plugin/plugin.ts";
import { overNetRpc } from "../../plugin/plugin-halves.ts";
import type { ProtocolServer } from "../protocol-server.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import { finishMs, type StdioBuffer } from "../stdio-buffer.ts";
import { controlService, describeService, dispenserService } from "./services.ts";
import { StdioServing } from "./stdio-serving.ts";

/** What a plugin serves over net/rpc. */
export interface NetRpcServeOptions {
  readonly plugins: ServedPluginSet;
  readonly settings: NetRpcSettings;
  readonly stdio: StdioBuffer;
  /** A host asks the plugin to end, to be followed by `stop`, which has it answered. */
  readonly onShutdown: () => void;
  readonly stated: () => StatedPlugin | Promise<StatedPlugin>;
  readonly clock: Clock;
  readonly logger: Logger;
}

// How long a host that has all output may take to close its streams. Go hosts do not before they have asked for the
// end, and copy what they have meanwhile.
const lingerMs = 250;

/** A plugin's net/rpc server: every connection is a host of its own, with a session, a broker and its plugins. */
export class NetRpcServing implements ProtocolServer {
  readonly #options: NetRpcServeOptions;
  readonly #stdio: StdioServing;
  readonly #hosts = new Set<HostConnection>();
  readonly #ended: Promise<void>;
  #tellEnded: () => void = () => {};

  constructor(options: NetRpcServeOptions) {
    this.#ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    this.#options = options;
    this.#stdio = new StdioServing(options.stdio, options.clock);
  }

  accept(stream: ByteStream): void {
    const host = new HostConnection(stream, this.#options, this.#stdio, this.#ended);
    this.#hosts.add(host);
    void host.closed.then(() => this.#hosts.delete(host));
  }

  async stop(drainTimeoutMs: number, beforeEnd?: () => Promise<void>): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => host.drain(drainTimeoutMs)));
    await beforeEnd?.();
    await this.#stdio.finish(() => this.#eachHost((host) => host.flush()));
    this.#tellEnded();
    await Promise.all([this.#stdio.closed(lingerMs), this.#eachHost((host) => host.bidFarewell())]);
    for (const host of this.#hosts) host.destroy();
  }

  #eachHost(work: (host: HostConnection) => Promise<void>): Promise<unknown> {
    return Promise.all([...this.#hosts].map(work));
  }
}

// The streams that a host opens first, in this order; those that follow are brokered.
const ownStreams = ["control", "stdout", "stderr"] as const;

class HostConnection {
  readonly closed: Promise<unknown>;
  readonly #options: NetRpcServeOptions;
  readonly #stdio: StdioServing;
  readonly #session: Session;
  readonly #broker: MuxBroker;
  readonly #own: ByteStream[] = [];
  readonly #ended: Promise<void>;
  readonly #control: Server;
  readonly #dispensed = new Set<Server>();
  #asked = false;

  /** @param ended resolves once there is nothing left to do but to answer who asked for the end */
  constructor(stream: ByteStream, options: NetRpcServeOptions, stdio: StdioServing, ended: Promise<void>) {
    const { settings, clock, logger } = options;
    this.#options = options;
    this.#stdio = stdio;
    this.#ended = ended;
    this.#control = this.#makeControl();
    this.#broker = new MuxBroker({
      open: () => this.#session.open(),
      settings,
      clock,
      logger: logger.named("broker"),
    });
    this.#session = new Session(stream, {
      ...settings.session,
      clock,
      role: "server",
      onStream: (opened) => this.#onStream(opened),
    });
    this.closed = this.#session.closed.then((error) => {
      // A host may leave as it likes; what breaks the protocol should be known.
      if (isDrawbarError(error) && error.code !== "yamux-connection-lost") {
        logger.warn("the connection of a host was ended", { reason: error.message });
      }
      this.#broker.close(error);
    });
  }

  /** Lets calls in flight finish within the time; for 0, lets them be. */
  async drain(timeoutMs: number): Promise<void> {
    if (timeoutMs === 0) return;
    await Promise.all([...this.#dispensed].map((server) => server.close({ graceMs: timeoutMs })));
  }

  /** Resolves once the host has received all that was sent to it so far, or is gone. Never rejects. */
  async flush(): Promise<void> {
    // What answers a ping has read what came before it.
    await this.#session.ping().catch(() => {});
  }

  /** Answers a host that asked for the end, and resolves once it has the answer, or has had its time. */
  async bidFarewell(): Promise<void> {
    if (this.#asked) await this.#control.close({ graceMs: finishMs });
  }

  destroy(): void {
    this.#session.destroy();
  }

  #onStream(stream: ByteStream): void {
    if (this.#own.length === ownStreams.length) {
      this.#broker.receive(stream);
      return;
    }
    this.#own.push(stream);
    const [control, stdout, stderr] = this.#own;
    if (control !== undefined && stdout === undefined) this.#control.serve(control);
    if (stdout !== undefined && stderr !== undefined) this.#stdio.attach(stdout, stderr);
  }

  #makeControl(): Server {
    return new Server({ clock: this.#options.clock })
      .register(controlService, {
        Ping: () => ({}),
        Quit: async () => {
          this.#asked = true;
          this.#options.onShutdown();
          // Go hosts close everything as soon as they have the answer, and give the process 2 s from then on.
          await this.#ended;
          return {};
        },
      })
      .register(describeService, {
        Describe: async () => {
          const { name = "", version = "" } = await this.#options.stated();
          return { Name: name, Version: version };
        },
      })
      .register(dispenserService, { Dispense: (name) => this.#dispense(name) });
  }

  async #dispense(name: string): Promise<number> {
    const server = await this.#makeServer(name);
    const id = this.#broker.nextId();
    this.#broker.accept(id).then(
      (stream) => this.#keep(server, server.serve(stream)),
      (error: unknown) => this.#options.logger.error("plugin dispense error", { name, error }),
    );
    return id;
  }

  async #makeServer(name: string): Promise<Server> {
    const { plugins, settings, clock } = this.#options;
    const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
    if (plugin === undefined) throw new Error(`unknown plugin type: ${name}`);
    const half = overNetRpc(plugin);
    if (half === undefined) throw new Error("net/rpc plugin protocol not supported");
    const server = new Server({ ...settings, clock });
    (await half.server(this.#broker)).register(server, brokeredServiceName);
    return server;
  }

  #keep(server: Server, connection: ServedConnection): void {
    this.#dispensed.add(server);
    void connection.closed.then(() => this.#dispensed.delete(server));
  }
}
