export {
  type ExitStatus,
  PluginConfigError,
  PluginConnectionError,
  PluginDispenseError,
  PluginExitedError,
  PluginStartError,
  type PluginStartErrorCode,
} from "./errors.ts";
export { coreProtocolVersion, type Handshake, type Protocol } from "./handshake/handshake.ts";
export type { LaunchSettings, SinglePlugins, VersionedSets } from "./host/launch-options.ts";
export { PluginClient } from "./host/plugin-client.ts";
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
export { pluginLogger } from "./log/plugin-logger.ts";
export { grpcPlugin, type ServicePlugin } from "./plugin/grpc-plugin.ts";
export type {
  Dispensed,
  GrpcClientPlugin,
  GrpcPlugin,
  GrpcServerPlugin,
  PluginName,
  PluginSet,
  ServedPluginSet,
  VersionedPlugins,
} from "./plugin/plugin.ts";
export type { GrpcBroker } from "./protocol/grpc/broker.ts";
export type { PingOptions } from "./protocol/protocol-client.ts";
export { serve } from "./serve/serve.ts";
export type { ServeOptions } from "./serve/serve-options.ts";
