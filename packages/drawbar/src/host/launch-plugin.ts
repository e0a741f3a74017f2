import { systemClock } from "@drawbar/io";
import { PluginConfigError } from "../errors.ts";
import { foldVersions } from "../handshake/choose-version.ts";
import { checkHandshake, type Protocol } from "../handshake/handshake.ts";
import { pluginEnvironment } from "../handshake/plugin-environment.ts";
import { formatSocketAddress } from "../handshake/socket-address.ts";
import { defaultMaxLineBytes } from "../launch/line-splitter.ts";
import { endWithThisProcess } from "../launch/live-plugins.ts";
import { type StartedPlugin, startPlugin } from "../launch/start-plugin.ts";
import type { LogThreshold } from "../log/log-level.ts";
import { nullLogger } from "../log/logger.ts";
import { safeLogger } from "../log/safe-logger.ts";
import { chooseLauncher, defaultStartTimeoutMs } from "./choose-launcher.ts";
import { type Connection, connectPlugin, loadProtocols } from "./connect-plugin.ts";
import { type HostSecurity, hostSecurity, secureConnections } from "./host-security.ts";
import { HostSocketFolder } from "./host-socket-folder.ts";
import type { LaunchSettings, RunnerSettings, SomePlugins, StartSettings } from "./launch-options.ts";
import { PluginSession } from "./plugin-session.ts";
import { sessionOptions } from "./session-options.ts";

const knownProtocols: readonly Protocol[] = ["grpc", "netrpc"];

/** Starts a plugin, takes its handshake and connects. When it rejects, no process is left. */
export async function launchPlugin(
  options: (LaunchSettings | RunnerSettings) & SomePlugins,
): Promise<PluginSession> {
  checkHandshake(options.handshake);
  const sets = foldVersions(
    options.handshake.protocolVersion ?? 0,
    options.plugins,
    options.versionedPlugins,
  );
  const versions = [...sets.keys()];
  checkOptions(options, versions);
  const allowedProtocols = options.allowedProtocols ?? knownProtocols;
  loadProtocols(allowedProtocols, [...sets.values()]);
  const clock = options.clock ?? systemClock;
  const logger = safeLogger(options.logger ?? nullLogger);
  const multiplex = options.grpcBrokerMultiplex ?? false;
  const security = await hostSecurity(options);
  const clientCert = security.kind === "auto" ? security.own.certificatePem : undefined;
  const sockets = socketFolder(options);
  try {
    const env = pluginEnvironment(
      {
        ...options,
        versions,
        multiplex,
        logLevel: pluginLogLevel(options),
        ...(clientCert === undefined ? {} : { clientCert }),
        ...(sockets === undefined ? {} : { unixSocketDir: sockets.path }),
        ...(options.unixSocket?.group === undefined
          ? {}
          : { unixSocketGroup: String(options.unixSocket.group) }),
      },
      process.env,
    );
    const { launcher, translator } = await chooseLauncher(options, env, sockets, logger, clock);
    const started = await startPlugin({
      launcher,
      versions,
      allowedProtocols,
      multiplex,
      startTimeoutMs: options.startTimeoutMs ?? defaultStartTimeoutMs,
      signal: options.signal,
      logger,
      stderr: options.stderr,
      maxLogLineBytes: options.maxLogLineBytes ?? defaultMaxLineBytes,
      clock,
    });
    const session = new PluginSession(started, {
      ...sessionOptions(options, clock, logger),
      plugins: sets.get(started.handshake.version) ?? {},
      tie: options.outliveHost ? "shared" : "owned",
      reattachable: security.kind !== "auto",
    });
    if (options.watchdog) await guard(session, options.ownProcessGroup ?? false);
    removeWithPlugin(sockets, session, options.outliveHost ?? false);
    await connect(session, started, security, { ...options, translator, pluginEnv: env });
    return session;
  } catch (error) {
    sockets?.remove();
    throw error;
  }
}

function socketFolder(options: LaunchSettings | RunnerSettings): HostSocketFolder | undefined {
  if (options.runner === undefined && options.unixSocket === undefined) return undefined;
  return new HostSocketFolder(options.unixSocket ?? {});
}

async function guard(session: PluginSession, ownProcessGroup: boolean): Promise<void> {
  const { Watchdog } = await import("../launch/watchdog.ts");
  const { pid, address, signal, running } = session;
  const watchdog = new Watchdog(pid, ownProcessGroup);
  if (running.process.copyFolder !== undefined) watchdog.guardCopy(running.process.copyFolder);
  if (address.network === "unix") watchdog.guardSocket(address.path);
  // Over, or let go of.
  signal.addEventListener("abort", () => watchdog.dismiss(), { once: true });
}

function removeWithPlugin(
  sockets: HostSocketFolder | undefined,
  session: PluginSession,
  outlivesHost: boolean,
): void {
  if (sockets === undefined) return;
  const forget = outlivesHost ? (): void => {} : endWithThisProcess(() => sockets.remove());
  void session.exited.then(() => {
    forget();
    sockets.remove();
  });
}

// Whoever takes the raw stderr may want all of it.
function pluginLogLevel({ pluginLogLevel: wanted, logger, stderr }: StartSettings): LogThreshold | undefined {
  return wanted ?? (stderr === undefined ? logger?.level : undefined);
}

async function connect(
  session: PluginSession,
  started: StartedPlugin,
  hostSecurity: HostSecurity,
  options: StartSettings & Pick<Connection, "translator" | "pluginEnv">,
): Promise<void> {
  const security = await secureConnections(hostSecurity, started.handshake);
  if (security !== undefined && "ok" in security) throw await started.failure.refused(security);
  const multiplex = options.grpcBrokerMultiplex ?? false;
  try {
    const client = await connectPlugin(session, started, { ...options, security, multiplex });
    session.attach(client);
  } catch (cause) {
    throw await started.failure.dialFailed(formatSocketAddress(session.address), cause);
  }
}

function checkOptions(options: LaunchSettings | RunnerSettings, versions: readonly number[]): void {
  if (versions.length === 0)
    throw new PluginConfigError("plugins or versionedPlugins must hold at least one plugin set");
  if (!versions.every(Number.isSafeInteger)) {
    throw new PluginConfigError(`versions of plugin sets must be integers, not ${versions.join(", ")}`);
  }
  if ((options.cmd === undefined) === (options.runner === undefined)) {
    throw new PluginConfigError("exactly one of cmd and runner must be set");
  }
  if (options.cmd !== undefined && (typeof options.cmd[0] !== "string" || options.cmd[0] === "")) {
    throw new PluginConfigError("cmd must begin with the program to start");
  }
  for (const name of ["watchdog", "ownProcessGroup"] as const) {
    if (options[name] && process.platform === "win32") {
      throw new PluginConfigError(`${name} needs a Unix system`);
    }
  }
  if (options.ownProcessGroup && options.runner !== undefined) {
    throw new PluginConfigError(
      "ownProcessGroup is for plugins that are started by cmd: a runner sees to its own",
    );
  }
  if (options.watchdog && options.outliveHost) {
    throw new PluginConfigError("watchdog and outliveHost contradict each other: set one of them");
  }
  const unknown = options.allowedProtocols?.find((protocol) => !knownProtocols.includes(protocol));
  if (unknown !== undefined)
    throw new PluginConfigError(`drawbar does not speak ${JSON.stringify(unknown)} (allowedProtocols)`);
}
