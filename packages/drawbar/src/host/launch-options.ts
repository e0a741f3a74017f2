import type { ChannelOptions } from "@drawbar/grpc";
import type { Clock } from "@drawbar/io";
import type { Handshake, Protocol } from "../handshake/handshake.ts";
import type { SecureConfig } from "../launch/secure-config.ts";
import type { Sink } from "../launch/sink.ts";
import type { LogThreshold } from "../log/log-level.ts";
import type { Logger } from "../log/logger.ts";
import type { NetRpcSettings } from "../plugin/netrpc-settings.ts";
import type { PluginSet, VersionedPlugins } from "../plugin/plugin.ts";
import type { AttachedRunner, RunnerFunction } from "../runner/runner.ts";
import type { AutoMtlsSettings, TlsSettings } from "../security/tls-settings.ts";
import type { UnixSocketSettings } from "./host-socket-folder.ts";
import type { PluginFinder } from "./plugin-finder.ts";

/** How a host talks with a plugin, whether it launched it or found it running. */
export interface ConnectSettings {
  readonly handshake: Handshake;
  /** Ends a start that is under way; without effect once the plugin runs. */
  readonly signal?: AbortSignal;
  /** How long `kill` lets the plugin end in its own way before it sends SIGTERM. Default 2 s. */
  readonly killTimeoutMs?: number;
  /** How long `kill` waits between SIGTERM and SIGKILL. Default 500 ms. */
  readonly terminateTimeoutMs?: number;
  /** Gets drawbar's own messages and the plugin's stderr, line by line. Default: none. */
  readonly logger?: Logger;
  /** Get what the plugin's code writes to its stdout and stderr once it serves. */
  readonly syncStdout?: Sink;
  readonly syncStderr?: Sink;
  /** The gRPC channel's limits, keepalive and interceptors. */
  readonly grpc?: Omit<ChannelOptions, "connect" | "authority" | "scheme" | "clock">;
  /** How net/rpc is spoken, with a plugin that does. */
  readonly netrpc?: NetRpcSettings;
  /** TLS with certificates of your own, for a plugin that serves with `tls` too. Default: none. */
  readonly tls?: TlsSettings;
  /** For tests. Default: the system's. */
  readonly clock?: Clock;
}

/** How a host starts a plugin as a child process, apart from its plugin sets. */
export interface LaunchSettings extends StartSettings {
  /** The program and its arguments. A program without a slash is looked for on the PATH. */
  readonly cmd: readonly [string, ...string[]];
  /** The plugin's working folder. Default: the host's. */
  readonly cwd?: string;
  /** What the program must be: another one is not started. For an interpreter this is not its script. */
  readonly secureConfig?: SecureConfig;
  readonly runner?: undefined;
  readonly plugin?: undefined;
}

/** How a host starts an installed plugin by its name: the very bytes that the lock file has are started. */
export interface NamedSettings extends StartSettings {
  /** What it was installed as. */
  readonly plugin: string;
  /** Which versions will do, such as `~> 1.2` or `^1.2`. Default: any. */
  readonly version?: string;
  /** Finds the program. Default: `@drawbar/install`, with the lock file in the working folder. */
  readonly finder?: PluginFinder;
  /** Arguments of the program. Default: none. */
  readonly args?: readonly string[];
  /** The plugin's working folder. Default: the host's. */
  readonly cwd?: string;
  readonly cmd?: undefined;
  readonly runner?: undefined;
}

/** How a host starts a plugin through a runner of its own, such as in a container. */
export interface RunnerSettings extends StartSettings {
  readonly runner: RunnerFunction;
  readonly cmd?: undefined;
  readonly plugin?: undefined;
}

/** A plugin to start: by its command, by its name, or through a runner. */
export type LaunchOptions = LaunchSettings | NamedSettings | RunnerSettings;

/** How a host attaches to a plugin that runs already. */
export interface ReattachSettings extends ConnectSettings {
  /** What stands for the plugin's process, where its number is not enough: `Pid` is not looked at then. */
  readonly runner?: AttachedRunner | (() => AttachedRunner | Promise<AttachedRunner>);
}

/** How a host starts a plugin, in whatever way. */
export interface StartSettings extends ConnectSettings {
  /** Variables for the plugin, over those of the host; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The host's variables win over `env`, as in go-plugin. Default false. */
  readonly hostEnvWins?: boolean;
  /** The plugin gets nothing of the host's environment. Default false. */
  readonly skipHostEnv?: boolean;
  /** Protocols that the plugin may speak. Default: both; go-plugin's default is net/rpc alone. */
  readonly allowedProtocols?: readonly Protocol[];
  /**
   * Mutual TLS with certificates that host and plugin make for this one start and that nobody else is trusted
   * with. Default false.
   */
  readonly autoMtls?: boolean | AutoMtlsSettings;
  /**
   * Brokered connections as streams of the one connection instead of sockets of their own; for gRPC plugins of
   * go-plugin 1.6 or later, or drawbar. One that cannot is refused. Default false.
   */
  readonly grpcBrokerMultiplex?: boolean;
  /** Ports for a plugin without unix sockets. Default 10000 to 25000. */
  readonly minPort?: number;
  readonly maxPort?: number;
  /** From the process's start to its handshake line. Default 60 s. */
  readonly startTimeoutMs?: number;
  /**
   * Where the plugin makes its sockets, and for whom. Default: where it likes, for this user alone; a runner's plugin
   * always gets a folder.
   */
  readonly unixSocket?: UnixSocketSettings;
  /**
   * End the plugin also when this process is killed (SIGKILL), by a small shell that watches. For plugins of other
   * makes on Unix; those made with drawbar end by themselves. Default false.
   */
  readonly watchdog?: boolean;
  /**
   * Start the plugin in a process group of its own, and end all of the group with it, so that what the plugin itself
   * has started ends too: when the plugin is killed, when it ends or crashes by itself, and when this process ends. On
   * Unix, and not with a runner. The plugin is then in a session without a terminal of its own: Ctrl-C and Ctrl-Z do
   * not reach it, and it can read this process's stdin but cannot open /dev/tty. Default false.
   */
  readonly ownProcessGroup?: boolean;
  /** Let `cleanupClients` kill it. Default false. */
  readonly managed?: boolean;
  /**
   * The plugin goes on when this process ends, so that another host attaches to it (`reattachConfig`). A plugin
   * made with drawbar must be willing too: see the option of the same name of `serve`. Default false.
   */
  readonly outliveHost?: boolean;
  /**
   * The lowest level that a plugin made with drawbar logs at; others ignore it. Default: that of `logger`, where
   * nobody else sees the plugin's stderr, so that nothing is written that the host would drop.
   */
  readonly pluginLogLevel?: LogThreshold;
  /** Gets the plugin's stderr as it is. */
  readonly stderr?: Sink;
  /** Longer lines of stderr are logged in pieces. Default 64 KiB. */
  readonly maxLogLineBytes?: number;
}

/** One plugin set, whose version is `handshake.protocolVersion`. */
export interface SinglePlugins<S extends PluginSet> {
  readonly plugins: S;
  readonly versionedPlugins?: undefined;
}

/** Plugin sets by version: the highest that the plugin has too is used. */
export interface VersionedSets<V extends VersionedPlugins<PluginSet>> {
  readonly versionedPlugins: V;
  readonly plugins?: undefined;
}

/** The plugin sets of a host, in either form. */
export type SomePlugins = SinglePlugins<PluginSet> | VersionedSets<VersionedPlugins<PluginSet>>;
