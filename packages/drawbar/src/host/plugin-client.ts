import { type ExitStatus, PluginConfigError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import type { Dispensed, PluginName, PluginSet, VersionedPlugins } from "../plugin/plugin.ts";
import type { PingOptions } from "../protocol/protocol-client.ts";
import type { StatedPlugin } from "../protocol/stated-plugin.ts";
import { formatReattachConfig, type ReattachConfig } from "../reattach/reattach-config.ts";
import { findPlugin } from "./find-plugin.ts";
import type {
  LaunchOptions,
  ReattachSettings,
  SinglePlugins,
  SomePlugins,
  VersionedSets,
} from "./launch-options.ts";
import { manageClient } from "./managed-clients.ts";
import type { PluginSession } from "./plugin-session.ts";

const notReattachable =
  "no other host can attach to a plugin that was launched with autoMtls: only this host has the key; launch it " +
  "without, or with certificates of your own (tls)";

/**
 * A running plugin, as its host holds it. Start one with `launch`; end it with `kill`, or by `await using`.
 *
 * The plugin lives no longer than this process: a host that ends in order takes it along. While it runs it
 * keeps the host's process alive, as any child process does.
 */
export class PluginClient<S extends PluginSet = PluginSet> implements AsyncDisposable {
  readonly #session: PluginSession;

  /** For `launch`. */
  constructor(session: PluginSession) {
    this.#session = session;
  }

  /**
   * Starts a plugin and connects to it. When it rejects (PluginStartError, or PluginConfigError for options
   * that cannot be right) no process is left.
   *
   * With `plugin` instead of `cmd` it starts an installed plugin by its name: rejects also with what the finder
   * says, and with PluginStartError (`version-mismatch`) if the plugin states another version than is installed.
   */
  static launch<S extends PluginSet>(options: LaunchOptions & SinglePlugins<S>): Promise<PluginClient<S>>;
  static launch<V extends VersionedPlugins<PluginSet>>(
    options: LaunchOptions & VersionedSets<V>,
  ): Promise<PluginClient<Extract<V[keyof V], PluginSet>>>;
  static async launch(options: LaunchOptions & SomePlugins): Promise<PluginClient> {
    const client = new PluginClient(await start(options));
    if (options.managed) manageClient(client);
    return client;
  }

  /**
   * Attaches to a plugin that runs already: one that serves in test mode, or that another host launched.
   * Rejects with PluginConfigError for a config or options that cannot be right, and with PluginStartError
   * (`reattach-process-not-found`) where no plugin is found.
   *
   * Unless the config says `Test`, `kill` ends the plugin as if this host had launched it. The end of this
   * process does not. How the process ended cannot be learned: both facts of `exited` are undefined.
   *
   * @param config what `reattachConfig` gave, or a Go program printed; JSON text or its value
   */
  static reattach<S extends PluginSet>(
    config: ReattachConfig | string,
    options: ReattachSettings & SinglePlugins<S>,
  ): Promise<PluginClient<S>>;
  static reattach<V extends VersionedPlugins<PluginSet>>(
    config: ReattachConfig | string,
    options: ReattachSettings & VersionedSets<V>,
  ): Promise<PluginClient<Extract<V[keyof V], PluginSet>>>;
  static async reattach(
    config: ReattachConfig | string,
    options: ReattachSettings & SomePlugins,
  ): Promise<PluginClient> {
    const { reattachPlugin } = await import("./reattach-plugin.ts");
    return new PluginClient(await reattachPlugin(config, options));
  }

  /**
   * What another host needs to attach to this plugin; see `PluginClient.reattach`. Throws PluginConfigError for a
   * plugin that was launched with `autoMtls`, whose keys no other host can have. Called at once after `launch`, it
   * blocks until the plugin listens, which takes some milliseconds.
   */
  reattachConfig(): ReattachConfig {
    if (!this.#session.reattachable) throw new PluginConfigError(notReattachable);
    const { protocol, version, pid, tie } = this.#session;
    const address = this.#session.attachAddress();
    return formatReattachConfig({ protocol, version, pid, test: tie === "borrowed", address });
  }

  /** The plugin's process id; 0 where a runner's plugin has none. */
  get pid(): number {
    return this.#session.pid;
  }

  /** What names the plugin's process: its id as text, or what a runner calls it. */
  get id(): string {
    return this.#session.id;
  }

  /** The application version that host and plugin agreed on. */
  get version(): number {
    return this.#session.version;
  }

  get protocol(): Protocol {
    return this.#session.protocol;
  }

  /** Resolves with how the process ended, after its last output was read. Never rejects. */
  get exited(): Promise<ExitStatus> {
    return this.#session.exited;
  }

  /** Aborts with a PluginExitedError when the process is over, whoever ended it. */
  get signal(): AbortSignal {
    return this.#session.signal;
  }

  /**
   * What the host calls the plugin `name` through; made anew at each call. Rejects with PluginDispenseError
   * if the negotiated plugin set has no such name, or knows it in the other protocol only.
   */
  async dispense<Name extends PluginName<S>>(name: Name): Promise<Dispensed<S, Name>> {
    const { plugins, client } = this.#session;
    const plugin = findPlugin(plugins, name, this.version);
    // The set that this plugin was found in is the one that the type was made from.
    return (await client.dispense(name, plugin)) as Dispensed<S, Name>;
  }

  /** Asks the plugin whether it serves; rejects if it does not, or with the signal or the time. */
  ping(options: PingOptions = {}): Promise<void> {
    return this.#session.client.ping(options);
  }

  /**
   * Asks the plugin what it is called and which version it is, which it says in its call of `serve` or in its
   * package.json. undefined if it was not made with drawbar.
   */
  describe(options: PingOptions = {}): Promise<StatedPlugin | undefined> {
    return this.#session.client.describe(options);
  }

  /**
   * Ends the plugin: asks it to end, waits `killTimeoutMs`, then SIGTERM, then SIGKILL. Never rejects and
   * never hangs. Resolves once the process is over and its last output was passed on; calls still in flight
   * have failed by then. Any number of calls, at once or later, are one. A plugin in test mode, attached to
   * by `reattach`, is only let go of.
   */
  kill(): Promise<void> {
    return this.#session.kill();
  }

  /**
   * Lets go of the plugin, which goes on running: closes the connection, and keeps this process alive no longer.
   * Calls in flight fail with PluginDetachedError as their cause. A plugin made with drawbar ends by itself
   * when its host's process is gone, unless it serves with `outliveHost`.
   */
  detach(): Promise<void> {
    return this.#session.detach();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

// Loaded here, so that a plugin, which imports the same package, does not load a host's code.
async function start(options: LaunchOptions & SomePlugins): Promise<PluginSession> {
  if (options.plugin !== undefined) {
    const { launchNamed } = await import("./launch-named.ts");
    return launchNamed(options);
  }
  const { launchPlugin } = await import("./launch-plugin.ts");
  return launchPlugin(options);
}
