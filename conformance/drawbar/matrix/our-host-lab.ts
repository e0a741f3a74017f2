import { type LaunchSettings, PluginClient, type PluginSet } from "drawbar";
import { peerPath } from "../../support/peer-path.ts";
import { type BrokeredProbe, plugins as grpcPlugins } from "../brokered-probe.ts";
import { type Goods, plugins as netrpcPlugins, registry } from "../netrpc-probe.ts";
import { recorder } from "../observe.ts";
import { handshake } from "../probe.ts";
import type { Transport } from "./capabilities.ts";

type Settings = Partial<LaunchSettings>;

/** A plugin on go-plugin that our host has launched, or attached to. */
export interface Running extends AsyncDisposable {
  readonly client: PluginClient;
  /** Has the plugin do what a line says (see conformance/peers/goplugin-*). */
  do(line: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  echo(value: Uint8Array): Promise<Uint8Array>;
}

export interface GrpcRunning extends Running {
  readonly probe: BrokeredProbe;
}

export interface NetRpcRunning extends Running {
  readonly goods: Goods;
}

/** What the cases of one transport differ in. */
interface Wiring<R extends Running> {
  readonly transport: Transport;
  readonly plugins: PluginSet;
  use(client: PluginClient): Promise<R>;
}

/** Our host with the Go program of one release, over one transport. */
export class OurHostLab<R extends Running> {
  readonly release: string;
  readonly wiring: Wiring<R>;
  readonly log = recorder();
  /** How long a case waits for what a peer may never do. */
  patienceMs = 60_000;
  readonly #shared = new Map<string, Promise<R>>();

  constructor(release: string, wiring: Wiring<R>) {
    this.release = release;
    this.wiring = wiring;
  }

  /** Starts the Go program as a plugin, or `settings.cmd`. */
  async launch(settings: Settings = {}, flags: readonly string[] = []): Promise<R> {
    const cmd = await this.command(flags);
    const { plugins } = this.wiring;
    return this.wiring.use(
      await PluginClient.launch({ handshake, plugins, cmd, netrpc: { registry }, ...settings }),
    );
  }

  /** What cases share that harm nothing: one plugin for each way to be connected. */
  shared(way: Pick<LaunchSettings, "autoMtls" | "grpcBrokerMultiplex"> = {}): Promise<R> {
    const key = JSON.stringify(way);
    const env = { CONFORMANCE: "of the host's" };
    const running = this.#shared.get(key) ?? this.launch({ ...way, env, logger: this.log.logger });
    this.#shared.set(key, running);
    return running;
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#shared.values());
    for (const one of all) if (one.status === "fulfilled") await one.value.client.kill();
  }

  /** The Go program, as something to start. */
  async command(flags: readonly string[] = []): Promise<[string, ...string[]]> {
    const program = await peerPath(`goplugin-${this.wiring.transport}-${this.release}`, "goplugin");
    return [program, "plugin", ...flags];
  }

  /** How a start fails. */
  async refusal(settings: Settings, flags: readonly string[] = []): Promise<unknown> {
    const launched = await this.launch(settings, flags).catch((error: unknown) => ({ error }));
    if ("error" in launched) return launched.error;
    await launched.client.kill();
    throw new Error("the plugin was started");
  }
}

function held(client: PluginClient): Pick<Running, "client" | keyof AsyncDisposable> {
  return { client, [Symbol.asyncDispose]: () => client.kill() };
}

export const overGrpc: Wiring<GrpcRunning> = {
  transport: "grpc",
  plugins: grpcPlugins,
  async use(client) {
    const probe = (await client.dispense("probe")) as BrokeredProbe;
    return {
      ...held(client),
      probe,
      do: async (value, options) => (await probe.service.do({ value }, options)).value,
      echo: async (value) => (await probe.service.echo({ value })).value,
    };
  },
};

export const overNetRpc: Wiring<NetRpcRunning> = {
  transport: "netrpc",
  plugins: netrpcPlugins,
  async use(client) {
    const goods = {
      probe: await client.dispense("probe"),
      workshop: await client.dispense("workshop"),
    } as Goods;
    return {
      ...held(client),
      goods,
      do: (line, options) => goods.probe.Do(line, options),
      echo: (value) => goods.probe.Echo(value),
    };
  },
};
