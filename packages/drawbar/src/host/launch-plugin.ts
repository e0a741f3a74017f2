import { systemClock } from "@drawbar/io";
import { PluginConfigError } from "../errors.ts";
import { foldVersions } from "../handshake/choose-version.ts";
import { checkHandshake, type Protocol } from "../handshake/handshake.ts";
import { pluginEnvironment } from "../handshake/plugin-environment.ts";
import { formatSocketAddress } from "../handshake/socket-address.ts";
import { defaultMaxLineBytes } from "../launch/line-splitter.ts";
import { type StartedPlugin, startPlugin } from "../launch/start-plugin.ts";
import type { LogThreshold } from "../log/log-level.ts";
import { nullLogger } from "../log/logger.ts";
import { safeLogger } from "../log/safe-logger.ts";
import { connectPlugin, loadProtocols } from "./connect-plugin.ts";
import { type HostSecurity, hostSecurity, secureConnections } from "./host-security.ts";
import type { LaunchSettings, SomePlugins } from "./launch-options.ts";
import { PluginSession } from "./plugin-session.ts";
import { sessionOptions } from "./session-options.ts";

const knownProtocols: readonly Protocol[] = ["grpc", "netrpc"];

/** Starts a plugin, takes its handshake and connects. When it rejects, no process is left. */
export async function launchPlugin(options: LaunchSettings & SomePlugins): Promise<PluginSession> {
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
  const started = await startPlugin({
    cmd: options.cmd,
    cwd: options.cwd ?? process.cwd(),
    env: pluginEnvironment(
      {
        ...options,
        versions,
        multiplex,
        logLevel: pluginLogLevel(options),
        ...(clientCert === undefined ? {} : { clientCert }),
      },
      process.env,
    ),
    versions,
    allowedProtocols,
    multiplex,
    startTimeoutMs: options.startTimeoutMs ?? 60_000,
    signal: options.signal,
    logger,
    stderr: options.stderr,
    maxLogLineBytes: options.maxLogLineBytes ?? defaultMaxLineBytes,
    clock,
    outlivesHost: options.outliveHost ?? false,
  });
  const session = new PluginSession(started, {
    ...sessionOptions(options, clock, logger),
    plugins: sets.get(started.handshake.version) ?? {},
    tie: options.outliveHost ? "shared" : "owned",
  });
  await connect(session, started, security, options);
  return session;
}

// Whoever takes the raw stderr may want all of it.
function pluginLogLevel({
  pluginLogLevel: wanted,
  logger,
  stderr,
}: LaunchSettings): LogThreshold | undefined {
  return wanted ?? (stderr === undefined ? logger?.level : undefined);
}

async function connect(
  session: PluginSession,
  started: StartedPlugin,
  hostSecurity: HostSecurity,
  options: LaunchSettings,
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

function checkOptions(options: LaunchSettings, versions: readonly number[]): void {
  if (versions.length === 0)
    throw new PluginConfigError("plugins or versionedPlugins must hold at least one plugin set");
  if (!versions.every(Number.isSafeInteger)) {
    throw new PluginConfigError(`versions of plugin sets must be integers, not ${versions.join(", ")}`);
  }
  if (typeof options.cmd[0] !== "string" || options.cmd[0] === "") {
    throw new PluginConfigError("cmd must begin with the program to start");
  }
  const unknown = options.allowedProtocols?.find((protocol) => !knownProtocols.includes(protocol));
  if (unknown !== undefined)
    throw new PluginConfigError(`drawbar does not speak ${JSON.stringify(unknown)} (allowedProtocols)`);
}
