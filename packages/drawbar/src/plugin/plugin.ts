import type { Channel, Server } from "@drawbar/grpc";
import type { Client as RpcClient } from "@drawbar/netrpc";
import type { GrpcBroker } from "../broker/grpc-broker.ts";
import type { MuxBroker } from "../broker/mux-broker.ts";
import type { Receiver } from "./receiver.ts";

/** The host's half of a plugin over gRPC: makes what `dispense` gives out. */
export interface GrpcClientPlugin<Client = unknown> {
  readonly protocol?: "grpc";
  /**
   * @param channel calls of every plugin of this process share it; do not close it
   * @param signal aborts when the plugin's process is over
   */
  client(broker: GrpcBroker, channel: Channel, signal: AbortSignal): Client | Promise<Client>;
}

/** The plugin's half of a plugin over gRPC: registers its services. */
export interface GrpcServerPlugin {
  readonly protocol?: "grpc";
  server(broker: GrpcBroker, server: Server): void | Promise<void>;
}

/** A plugin over gRPC written by hand, both halves; `grpcPlugin` makes one from a service's description. */
export interface GrpcPlugin<Client = unknown> extends GrpcClientPlugin<Client>, GrpcServerPlugin {
  readonly protocol?: "grpc";
}

/** The host's half of a plugin over net/rpc: makes what `dispense` gives out. */
export interface NetRpcClientPlugin<Client = unknown> {
  readonly protocol: "netrpc";
  /**
   * @param client a connection of this dispensed plugin alone, to its one service, whose name is `Plugin`
   * @param signal aborts when the plugin's process is over
   */
  client(broker: MuxBroker, client: RpcClient, signal: AbortSignal): Client | Promise<Client>;
}

/** The plugin's half of a plugin over net/rpc: makes the service of each connection that is dispensed. */
export interface NetRpcServerPlugin {
  readonly protocol: "netrpc";
  /** A throw is what the host's `dispense` rejects with. */
  server(broker: MuxBroker): Receiver | Promise<Receiver>;
}

/** A plugin over net/rpc written by hand, both halves; `netrpcPlugin` makes one from a contract. */
export interface NetRpcPlugin<Client = unknown> extends NetRpcClientPlugin<Client>, NetRpcServerPlugin {
  readonly protocol: "netrpc";
}

/** One plugin in both protocols, as Go programs have it; whichever is spoken is used. */
export interface InBoth<G, N> {
  readonly grpc: G;
  readonly netrpc: N;
}

/** What a host can dispense under one name. */
export type ClientPlugin<Client = unknown> =
  | GrpcClientPlugin<Client>
  | NetRpcClientPlugin<Client>
  | InBoth<GrpcClientPlugin<Client>, NetRpcClientPlugin<Client>>;

/** What a plugin program serves under one name. */
export type ServerPlugin =
  | GrpcServerPlugin
  | NetRpcServerPlugin
  | InBoth<GrpcServerPlugin, NetRpcServerPlugin>;

/** What a host can dispense, by name. */
export type PluginSet = Readonly<Record<string, ClientPlugin>>;

/** What a plugin program serves, by name. */
export type ServedPluginSet = Readonly<Record<string, ServerPlugin>>;

/** Plugin sets by application version. */
export type VersionedPlugins<S> = Readonly<Record<number, S>>;

/** The names in a set, or in any of several. */
export type PluginName<S> = S extends unknown ? keyof S & string : never;

/** What dispensing `Name` gives: of the set, or of whichever of several sets was negotiated. */
export type Dispensed<S, Name> = S extends unknown
  ? Name extends keyof S
    ? ClientOf<S[Name]>
    : never
  : never;

type ClientOf<P> =
  P extends InBoth<infer G, infer N>
    ? ClientOf<G> | ClientOf<N>
    : P extends GrpcClientPlugin<infer Client>
      ? Client
      : P extends NetRpcClientPlugin<infer Client>
        ? Client
        : never;
