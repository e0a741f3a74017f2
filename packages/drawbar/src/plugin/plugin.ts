import type { Channel, Server } from "@drawbar/grpc";
import type { GrpcBroker } from "../protocol/grpc/broker.ts";

/** The host's half of a plugin over gRPC: makes what `dispense` gives out. */
export interface GrpcClientPlugin<Client = unknown> {
  /**
   * @param channel calls of every plugin of this process share it; do not close it
   * @param signal aborts when the plugin's process is over
   */
  client(broker: GrpcBroker, channel: Channel, signal: AbortSignal): Client | Promise<Client>;
}

/** The plugin's half of a plugin over gRPC: registers its services. */
export interface GrpcServerPlugin {
  server(broker: GrpcBroker, server: Server): void | Promise<void>;
}

/** A plugin over gRPC written by hand, both halves; `grpcPlugin` makes one from a service's description. */
export interface GrpcPlugin<Client = unknown> extends GrpcClientPlugin<Client>, GrpcServerPlugin {}

/** What a host can dispense, by name. */
export type PluginSet = Readonly<Record<string, GrpcClientPlugin>>;

/** What a plugin program serves, by name. */
export type ServedPluginSet = Readonly<Record<string, GrpcServerPlugin>>;

/** Plugin sets by application version. */
export type VersionedPlugins<S> = Readonly<Record<number, S>>;

/** The names in a set, or in any of several. */
export type PluginName<S> = S extends unknown ? keyof S & string : never;

/** What dispensing `Name` gives: of the set, or of whichever of several sets was negotiated. */
export type Dispensed<S, Name> = S extends unknown
  ? Name extends keyof S
    ? S[Name] extends GrpcClientPlugin<infer Client>
      ? Client
      : never
    : never
  : never;
