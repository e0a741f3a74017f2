import type { Clock } from "@drawbar/io";
import { PluginConfigError } from "../errors.ts";
import { CommandLauncher } from "../launch/command-launcher.ts";
import type { Launcher } from "../launch/launcher.ts";
import { expectedDigest } from "../launch/secure-config.ts";
import type { Logger } from "../log/logger.ts";
import type { AddressTranslator } from "../runner/runner.ts";
import type { HostSocketFolder } from "./host-socket-folder.ts";
import type { LaunchSettings, RunnerSettings } from "./launch-options.ts";
import { defaultTerminateTimeoutMs } from "./session-options.ts";

/** From the process's start to its handshake line. */
export const defaultStartTimeoutMs = 60_000;

/** How the options want the plugin to be started, and how addresses are translated for it. */
export async function chooseLauncher(
  options: LaunchSettings | RunnerSettings,
  env: Readonly<Record<string, string>>,
  sockets: HostSocketFolder | undefined,
  logger: Logger,
  clock: Clock,
): Promise<{ launcher: Launcher; translator: AddressTranslator }> {
  const outlivesHost = options.outliveHost ?? false;
  if (options.runner === undefined) {
    const {
      cmd,
      cwd = process.cwd(),
      secureConfig,
      terminateTimeoutMs = defaultTerminateTimeoutMs,
    } = options;
    const ownGroup = options.ownProcessGroup ? { terminateTimeoutMs } : undefined;
    if (secureConfig !== undefined) expectedDigest(secureConfig);
    return {
      launcher: new CommandLauncher({ cmd, cwd, env, outlivesHost, ownGroup, secureConfig, clock }),
      translator: {},
    };
  }
  if (sockets === undefined) throw new PluginConfigError("a runner needs a folder for its plugin's sockets");
  const runner = await options.runner({ env, socketDir: sockets.path, logger });
  const { RunnerLauncher } = await import("../runner/runner-launcher.ts");
  const { startTimeoutMs = defaultStartTimeoutMs, signal } = options;
  const launcher = new RunnerLauncher(runner, { startTimeoutMs, signal, outlivesHost, clock, logger });
  return { launcher, translator: runner };
}
