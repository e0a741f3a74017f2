import type { ServerOptions } from "@drawbar/grpc";
import type { Handshake, Protocol } from "../handshake/handshake.ts";
import type { Logger } from "../log/logger.ts";
import type { NetRpcSettings } from "../plugin/netrpc-settings.ts";
import type { ServedPluginSet, VersionedPlugins } from "../plugin/plugin.ts";
import type { AutoMtlsSettings, TlsSettings } from "../security/tls-settings.ts";
import type { StopHook } from "./stop-hook.ts";

/** What a plugin program serves, and how. */
export interface ServeOptions {
  readonly handshake: Handshake;
  /**
   * What this plugin is called, for hosts that ask (`PluginClient.describe`). Default: the name in the nearest
   * package.json of the main module, read when a host asks. Nothing where there is none, as for a program that is
   * one file.
   */
  readonly name?: string;
  /** Its semantic version, such as `1.2.3`; same default. A host that launched it by version holds it against that. */
  readonly version?: string;
  /** The plugins of version `handshake.protocolVersion`. */
  readonly plugins?: ServedPluginSet;
  /** Plugins by version: the highest that the host has too is served. May stand beside `plugins`. */
  readonly versionedPlugins?: VersionedPlugins<ServedPluginSet>;
  /** For drawbar's own messages. Default: hclog's JSON on stderr, at trace. */
  readonly logger?: Logger;
  /** Default: `unix`, but `tcp` on Windows. */
  readonly network?: "unix" | "tcp";
  /**
   * The protocol that this program speaks. Default: gRPC if every plugin of the chosen set knows it, else
   * net/rpc if every one does; a set with some of each needs to be told, and what does not know the protocol
   * is then not served.
   */
  readonly protocol?: Protocol;
  /** The gRPC server's limits (a message received: 4 MiB), keepalive and interceptors. */
  readonly grpc?: ServerOptions;
  /** How net/rpc is spoken, if it is. */
  readonly netrpc?: NetRpcSettings;
  /**
   * TLS with certificates of your own. `ca` makes it mutual: hosts without a certificate that it knows are
   * refused. A function is called once, at the start (go-plugin's TLSProvider). Not to be had together with a
   * host's AutoMTLS. Default: none.
   */
  readonly tls?: TlsSettings | (() => TlsSettings | Promise<TlsSettings>);
  /** How this side's certificate is made where the host asks for AutoMTLS. */
  readonly autoMtls?: AutoMtlsSettings;
  /**
   * How long calls in flight may go on after the host asked the plugin to end. Default 0: they break, as in
   * go-plugin. Hosts wait 2 s by default before they use force.
   */
  readonly drainTimeoutMs?: number;
  /**
   * Called before the plugin ends, at a host's request or at SIGTERM or SIGHUP, once calls in flight are over: the
   * place to save and to close. What it prints and logs still reaches the host.
   */
  readonly onStop?: StopHook;
  /** The time of `onStop`; its signal aborts then, and the plugin ends. Default 1 s. */
  readonly stopTimeoutMs?: number;
  /** What is held of the program's output until the host takes it. Default 16 MiB. */
  readonly maxStdioBytes?: number;
  /**
   * Go on when the host is gone without having said so, for a plugin that hosts attach to again.
   * Default false: no plugin outlives its host.
   */
  readonly outliveHost?: boolean;
}
