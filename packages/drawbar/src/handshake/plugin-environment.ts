import { connectionVariable } from "../connect/inherited-connection.ts";
import { PluginConfigError } from "../errors.ts";
import { folderVariable } from "../listen/folder-name.ts";
import { type LogThreshold, logLevelVariable } from "../log/log-level.ts";
import { groupVariable } from "../terminate/own-group.ts";
import { copyVariable } from "../terminate/remove-own-copy.ts";
import type { Handshake } from "./handshake.ts";

/** A process's environment, as node has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What decides the environment of a plugin's process. */
export interface EnvironmentOptions {
  readonly handshake: Handshake;
  /** The application versions that the host has plugin sets for. */
  readonly versions: readonly number[];
  /** The caller's own variables; undefined takes one away. */
  readonly env?: Environment;
  /** The host's variables win over the caller's, as upstream has it. Default false. */
  readonly hostEnvWins?: boolean;
  /** The plugin gets nothing of the host's environment. Default false. */
  readonly skipHostEnv?: boolean;
  readonly minPort?: number;
  readonly maxPort?: number;
  readonly multiplex?: boolean;
  /** PEM of the host's certificate. */
  readonly clientCert?: string;
  readonly unixSocketDir?: string;
  readonly unixSocketGroup?: string;
  /** What the host looks at of a plugin's log, for plugins made with drawbar. */
  readonly logLevel?: LogThreshold | undefined;
}

/** The environment for a plugin's process. drawbar's own variables always win. */
export function pluginEnvironment(options: EnvironmentOptions, host: Environment): Record<string, string> {
  const inherited = options.skipHostEnv ? {} : withoutOwn(host);
  const caller = options.env ?? {};
  const ports = portRange(options.minPort, options.maxPort);
  return defined({
    ...(options.hostEnvWins ? { ...caller, ...inherited } : { ...inherited, ...caller }),
    ...defined({
      PLUGIN_MULTIPLEX_GRPC: options.multiplex ? "true" : undefined,
      PLUGIN_CLIENT_CERT: options.clientCert,
      PLUGIN_UNIX_SOCKET_DIR: options.unixSocketDir,
      PLUGIN_UNIX_SOCKET_GROUP: options.unixSocketGroup,
      [logLevelVariable]: options.logLevel,
    }),
    [options.handshake.magicCookieKey]: options.handshake.magicCookieValue,
    PLUGIN_MIN_PORT: String(ports.min),
    PLUGIN_MAX_PORT: String(ports.max),
    PLUGIN_PROTOCOL_VERSIONS: [...options.versions].sort((a, b) => a - b).join(","),
  });
}

/**
 * The range that a plugin without unix sockets chooses its port from: 10000 to 25000, or what the caller
 * says. One given end moves the other, where upstream would send 0, which plugins refuse.
 */
export function portRange(
  minPort: number | undefined,
  maxPort: number | undefined,
): { min: number; max: number } {
  const min = minPort ?? Math.min(10_000, maxPort ?? 10_000);
  const max = maxPort ?? Math.max(25_000, min);
  const usable = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!usable(min) || !usable(max) || min > max) {
    throw new PluginConfigError(
      `minPort ${min} and maxPort ${max} are no range of ports: 0 <= minPort <= maxPort <= 65535`,
    );
  }
  return { min, max };
}

// What a host that is a plugin itself was told about its own host is not meant for its plugins.
const ownHostsBusiness = new Set([
  "PLUGIN_MULTIPLEX_GRPC",
  "PLUGIN_CLIENT_CERT",
  "PLUGIN_UNIX_SOCKET_DIR",
  "PLUGIN_UNIX_SOCKET_GROUP",
  logLevelVariable,
  copyVariable,
  groupVariable,
  folderVariable,
  connectionVariable,
]);

/** The variables that decide where a host's own brokered connections listen: beside its plugin's, if it chose. */
export function brokerEnvironment(plugin: Environment, host: Environment): Environment {
  return {
    XDG_RUNTIME_DIR: host["XDG_RUNTIME_DIR"],
    PLUGIN_UNIX_SOCKET_DIR: plugin["PLUGIN_UNIX_SOCKET_DIR"],
    PLUGIN_UNIX_SOCKET_GROUP: plugin["PLUGIN_UNIX_SOCKET_GROUP"],
  };
}

function withoutOwn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ownHostsBusiness.has(name)));
}

function defined(variables: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
