import { type Clock, systemClock } from "@drawbar/io";
import { PluginConfigError, PluginStartError } from "../errors.ts";
import { foldVersions } from "../handshake/choose-version.ts";
import { formatSocketAddress } from "../handshake/socket-address.ts";
import { RecentLines } from "../launch/recent-lines.ts";
import type { RunningProcess } from "../launch/running-process.ts";
import { type Logger, nullLogger } from "../log/logger.ts";
import { safeLogger } from "../log/safe-logger.ts";
import type { PluginSet } from "../plugin/plugin.ts";
import { PidProcess } from "../reattach/pid-process.ts";
import { type ReattachConfig, type ReattachTarget, readReattachConfig } from "../reattach/reattach-config.ts";
import type { AttachedRunner } from "../runner/runner.ts";
import { type Connection, connectPlugin } from "./connect-plugin.ts";
import { staticSecurity } from "./host-security.ts";
import type { ConnectSettings, ReattachSettings, SomePlugins } from "./launch-options.ts";
import { PluginSession } from "./plugin-session.ts";
import { refuseLaunchOptions } from "./refuse-launch-options.ts";
import { sessionOptions } from "./session-options.ts";

/** Connects to a plugin that runs already. */
export async function reattachPlugin(
  config: ReattachConfig | string,
  options: ReattachSettings & SomePlugins,
): Promise<PluginSession> {
  refuseLaunchOptions(options);
  const target = readReattachConfig(config, options.runner === undefined);
  if (options.runner === undefined && target.pid === process.pid && !target.test) {
    throw new PluginConfigError(
      `the reattach config names this very process (Pid ${target.pid}), which a kill would end; a plugin in ` +
        "this process must serve in test mode",
    );
  }
  const { version, plugins } = choosePlugins(target, options);
  const clock = options.clock ?? systemClock;
  const logger = safeLogger(options.logger ?? nullLogger);
  const runner = typeof options.runner === "function" ? await options.runner() : options.runner;
  const running = runner === undefined ? findProcess(target, clock) : await standFor(runner, clock, logger);
  const address = runner?.pluginToHost?.(target.address) ?? target.address;
  const path = `at ${formatSocketAddress(target.address)}`;
  const session = new PluginSession(
    {
      path,
      process: running,
      handshake: {
        ok: true,
        version,
        address,
        protocol: target.protocol,
        serverCert: undefined,
        inherited: false,
      },
      logger: logger.named("reattached"),
      recentStderr: new RecentLines(),
      // The caller vouches for the address: the socket of a plugin that was killed is removed.
      startedAtMs: 0,
    },
    {
      ...sessionOptions(options, clock, logger),
      plugins,
      reattachable: true,
      tie: target.test ? "borrowed" : "shared",
    },
  );
  await connect(session, target, { ...options, translator: runner ?? {} });
  return session;
}

function findProcess(target: ReattachTarget, clock: Clock): RunningProcess {
  const found = PidProcess.find(target.pid, clock);
  if (found !== undefined) return found;
  throw notFound(target, `there is no process ${target.pid}`, undefined);
}

async function standFor(runner: AttachedRunner, clock: Clock, logger: Logger): Promise<RunningProcess> {
  const { RunnerProcess } = await import("../runner/runner-process.ts");
  return new RunnerProcess(runner, { clock, logger, outlivesHost: true });
}

async function connect(
  session: PluginSession,
  target: ReattachTarget,
  options: ConnectSettings & Pick<Connection, "translator">,
): Promise<void> {
  try {
    const security = await staticSecurity(options.tls, session.protocol);
    session.attach(await connectPlugin(session, session.running, { ...options, security, multiplex: false }));
  } catch (cause) {
    await session.detach();
    options.signal?.throwIfAborted();
    // The process may be another program that was given the number: it is left alone.
    throw notFound(target, `process ${target.pid} runs, but nobody answers at its address`, cause);
  }
}

function notFound(target: ReattachTarget, why: string, cause: unknown): PluginStartError {
  const address = formatSocketAddress(target.address);
  return new PluginStartError(
    "reattach-process-not-found",
    `reattachment process not found: ${why} (${address}); start the plugin again and use what it prints`,
    { cause, facts: { pid: target.pid, address } },
  );
}

function choosePlugins(
  target: ReattachTarget,
  options: ConnectSettings & SomePlugins,
): { version: number; plugins: PluginSet } {
  const sets = foldVersions(
    options.handshake.protocolVersion ?? 0,
    options.plugins,
    options.versionedPlugins,
  );
  const known = sets.get(target.version);
  if (known !== undefined) return { version: target.version, plugins: known };
  const versions = [...sets.keys()];
  const [only] = versions;
  // go-plugin's hosts do not tell the version of a plugin that they launched.
  if (target.version === 0 && only !== undefined && versions.length === 1) {
    return { version: only, plugins: sets.get(only) ?? {} };
  }
  throw new PluginConfigError(
    `incompatible API version with plugin. Plugin version: ${target.version}, Client versions: ` +
      `[${versions.join(" ")}]; set ProtocolVersion in the reattach config to the version that the plugin serves`,
    { facts: { version: target.version, versions } },
  );
}
