import { Server, type ServerOptions } from "@drawbar/grpc";
import { HealthRegistry, healthService } from "@drawbar/grpc/health";
import { type ByteStream, type Clock, DrawbarError } from "@drawbar/io";
import { type Brokering, loadRendezvous } from "../../broker/brokering.ts";
import { GrpcBroker } from "../../broker/grpc-broker.ts";
import { isTraining } from "../../handshake/training.ts";
import type { GrpcServerPlugin, ServedPluginSet } from "../../plugin/plugin.ts";
import { overGrpc } from "../../plugin/plugin-halves.ts";
import type { ProtocolServer } from "../protocol-server.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import type { StdioBuffer } from "../stdio-buffer.ts";
import { DrainGate } from "./drain-gate.ts";
import { addLazyReflection } from "./lazy-reflection.ts";
import {
  brokerService,
  controllerService,
  describeService,
  pluginServiceName,
  stdioService,
} from "./services.ts";
import { StdioServing } from "./stdio-serving.ts";

/** What a plugin serves over gRPC. */
export interface GrpcServeOptions {
  readonly plugins: ServedPluginSet;
  readonly server: ServerOptions;
  readonly stdio: StdioBuffer;
  readonly brokering: Brokering;
  /** Whether `stop` will be given a time: only then calls are counted. */
  readonly drains: boolean;
  /** The host asked the plugin to end; its answer is on its way. */
  readonly onShutdown: () => void;
  readonly stated: () => StatedPlugin | Promise<StatedPlugin>;
}

/** A plugin's gRPC server, with the services that every go-plugin host expects. */
export class GrpcServing implements ProtocolServer {
  readonly #server: Server;
  readonly #gate: DrainGate | undefined;
  readonly #clock: Clock;
  readonly #broker: GrpcBroker;
  readonly #stdio: StdioServing;

  private constructor(options: GrpcServeOptions) {
    this.#clock = options.brokering.clock;
    this.#gate = options.drains ? new DrainGate() : undefined;
    const interceptors = [
      ...(this.#gate === undefined ? [] : [this.#gate.interceptor]),
      ...(options.server.interceptors ?? []),
    ];
    this.#server = new Server({ ...options.server, interceptors });
    this.#stdio = new StdioServing(options.stdio, this.#clock);
    const { security, onNote, clock } = options.brokering;
    this.#broker = new GrpcBroker({
      rendezvous: (send) => loadRendezvous(options.brokering, send),
      server: options.server,
      channel: { clock, scheme: security === undefined ? "http" : "https" },
      onNote,
      clock,
    });
  }

  /** Rejects, naming the plugin, if one cannot be registered. */
  static async create(options: GrpcServeOptions): Promise<GrpcServing> {
    const serving = new GrpcServing(options);
    serving.#addOwnServices(options);
    for (const [name, plugin] of Object.entries(options.plugins)) {
      const half = overGrpc(plugin);
      if (half !== undefined) await serving.#addPlugin(name, half);
    }
    if (isTraining(process.env)) {
      const { trainCodecs } = await import("./train-codecs.ts");
      trainCodecs(serving.#server.services);
    }
    return serving;
  }

  accept(stream: ByteStream): void {
    this.#server.serve(stream);
  }

  async stop(drainTimeoutMs: number, beforeEnd?: () => Promise<void>): Promise<void> {
    await this.#gate?.drain(drainTimeoutMs, this.#clock);
    await beforeEnd?.();
    // Calls in flight may be using brokered connections.
    this.#broker.finish();
    await this.#stdio.finish(() => this.#server.flush());
    await this.#server.close({ graceMs: drainTimeoutMs });
    this.#broker.close();
  }

  #addOwnServices({ onShutdown, stated }: GrpcServeOptions): void {
    const health = new HealthRegistry();
    health.set(pluginServiceName, "SERVING");
    this.#server
      .addService(healthService, health.implementation)
      .addService(brokerService, {
        startStream: (notes, { signal }) => {
          void this.#broker.receive(notes);
          return this.#broker.outgoing(signal);
        },
      })
      .addService(controllerService, {
        shutdown: () => {
          // Once the answer has left with the end of this turn.
          setImmediate(onShutdown);
          return undefined;
        },
      })
      .addService(describeService, { describe: () => stated() })
      .addService(stdioService, { streamStdio: (_, context) => this.#stdio.read(context) });
    addLazyReflection(this.#server);
  }

  async #addPlugin(name: string, plugin: GrpcServerPlugin): Promise<void> {
    if (typeof (plugin as Partial<typeof plugin>).server !== "function") {
      throw new DrawbarError(
        "plugin-not-served",
        `${JSON.stringify(name)} is not a GRPC-compatible plugin: it has no server(); call implement() on it`,
      );
    }
    try {
      await plugin.server(this.#broker, this.#server);
    } catch (cause) {
      throw new DrawbarError(
        "plugin-not-served",
        `error registering ${JSON.stringify(name)}: ${String(cause)}`,
        { cause },
      );
    }
  }
}
