import type { Clock } from "@drawbar/io";
import type { RunningProcess } from "../launch/running-process.ts";
import type { Logger } from "../log/logger.ts";
import { within } from "./within.ts";

/** How a plugin is brought to its end. */
export interface EndOptions {
  readonly process: RunningProcess;
  /** Asks the plugin to end; may never settle. A rejection means that the plugin will not end by itself. */
  readonly askToEnd: () => Promise<unknown>;
  /** How long the plugin has for that. */
  readonly killTimeoutMs: number;
  /** How long it has between SIGTERM and SIGKILL. */
  readonly terminateTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

// A killed process is gone at once, unless the kernel itself is stuck with it.
const afterKillMs = 2_000;

/**
 * Ends a plugin: asks it, then SIGTERM, then SIGKILL, each with its time. Always resolves, within the sum of
 * the times and two seconds; false if even then the process is not seen to be over.
 */
export async function endProcess(options: EndOptions): Promise<boolean> {
  const { process, clock, logger, killTimeoutMs, terminateTimeoutMs } = options;
  if (process.status !== undefined) return over(process, afterKillMs, clock);
  const refused = options.askToEnd().then(
    () => new Promise<never>(() => {}),
    (error: unknown) => {
      logger.debug("the plugin refuses to end", { error });
      return false;
    },
  );
  if (await Promise.race([over(process, killTimeoutMs, clock), refused])) {
    logger.debug("plugin exited");
    return true;
  }
  logger.warn("plugin failed to exit gracefully", { pid: process.pid, killTimeoutMs });
  if (await terminateProcess(process, terminateTimeoutMs, clock)) return true;
  logger.error("plugin does not die of SIGKILL; giving up on it", { pid: process.pid });
  return false;
}

/** SIGTERM, and SIGKILL after the time; false if even then the process is not seen to be over. */
export async function terminateProcess(
  process: RunningProcess,
  terminateTimeoutMs: number,
  clock: Clock,
): Promise<boolean> {
  process.kill("SIGTERM");
  if (await over(process, terminateTimeoutMs, clock)) return true;
  process.kill("SIGKILL");
  return over(process, afterKillMs, clock);
}

/** True as soon as the process is over and its output read; false once the time is up. */
export function over(process: RunningProcess, timeoutMs: number, clock: Clock): Promise<boolean> {
  return within(process.exited, timeoutMs, clock);
}
