export { toWebStreams, type WebStreams } from "@drawbar/io";
export { toDuplex } from "@drawbar/io/node";
export { BrokerError, type BrokerErrorCode } from "./broker/broker-error.ts";
export type { BrokeredClient, BrokeredServer, GrpcBroker } from "./broker/grpc-broker.ts";
export type { BrokeredService, MuxBroker, RemoteService } from "./broker/mux-broker.ts";
export type { BrokeredOptions, Offer, OnConnection } from "./broker/rendezvous.ts";
export { discover } from "./discover/discover.ts";
export {
  type ExitStatus,
  PluginConfigError,
  PluginConnectionError,
  PluginDetachedError,
  PluginDispenseError,
  PluginExitedError,
  PluginStartError,
  type PluginStartErrorCode,
} from "./errors.ts";
export { coreProtocolVersion, type Handshake, type Protocol } from "./handshake/handshake.ts";
export type { UnixSocketSettings } from "./host/host-socket-folder.ts";
export type {
  ConnectSettings,
  LaunchOptions,
  LaunchSettings,
  NamedSettings,
  ReattachSettings,
  RunnerSettings,
  SinglePlugins,
  StartSettings,
  VersionedSets,
} from "./host/launch-options.ts";
export { cleanupClients } from "./host/managed-clients.ts";
export { PluginClient } from "./host/plugin-client.ts";
export type { FoundPlugin, PluginFinder, PluginQuery } from "./host/plugin-finder.ts";
export type { SecureConfig } from "./launch/secure-config.ts";
export type { Sink } from "./launch/sink.ts";
export { type ConsoleLoggerOptions, consoleLogger } from "./log/console-logger.ts";
export { type JsonLoggerOptions, jsonLogger } from "./log/json-logger.ts";
export type { LogLevel, LogThreshold } from "./log/log-level.ts";
export {
  createLogger,
  type LogEntry,
  type LogFields,
  type Logger,
  type LoggerOptions,
  nullLogger,
} from "./log/logger.ts";
export type { PinoDestination } from "./log/pino-destination.ts";
export { type PinoLike, pinoLogger } from "./log/pino-logger.ts";
export { pinoDestination, pluginLogger } from "./log/plugin-logger.ts";
export { routeConsole } from "./log/route-console.ts";
export { type TextLoggerOptions, textLogger } from "./log/text-logger.ts";
export { type GrpcImplementation, grpcPlugin, type ServicePlugin } from "./plugin/grpc-plugin.ts";
export {
  type NetRpcImplementation,
  type NetRpcServicePlugin,
  netrpcPlugin,
} from "./plugin/netrpc-plugin.ts";
export type { NetRpcSettings } from "./plugin/netrpc-settings.ts";
export type {
  ClientPlugin,
  Dispensed,
  GrpcClientPlugin,
  GrpcPlugin,
  GrpcServerPlugin,
  InBoth,
  NetRpcClientPlugin,
  NetRpcPlugin,
  NetRpcServerPlugin,
  PluginName,
  PluginSet,
  ServedPluginSet,
  ServerPlugin,
  VersionedPlugins,
} from "./plugin/plugin.ts";
export { type Receiver, receiver } from "./plugin/receiver.ts";
export type { DefinitionOf, ServiceSource } from "./plugin/service-definition.ts";
export type { PingOptions } from "./protocol/protocol-client.ts";
export type { StatedPlugin } from "./protocol/stated-plugin.ts";
export { formatReattachProviders, type ReattachConfig } from "./reattach/reattach-config.ts";
export type {
  AddressTranslator,
  AttachedRunner,
  Runner,
  RunnerFunction,
  RunnerSpec,
} from "./runner/runner.ts";
export type { AutoMtlsSettings, MtlsCurve, TlsSettings } from "./security/tls-settings.ts";
export { serve } from "./serve/serve.ts";
export { serveMux } from "./serve/serve-mux.ts";
export type { ServeOptions } from "./serve/serve-options.ts";
export { serveTest } from "./serve/serve-test.ts";
export type { StopHook } from "./serve/stop-hook.ts";
export type { TestServeOptions, TestServing } from "./serve/test-serving.ts";
