import type { Clock } from "@drawbar/io";
import type { Logger } from "../log/logger.ts";
import type { ConnectSettings } from "./launch-options.ts";
import type { SessionOptions } from "./plugin-session.ts";

/** Between SIGTERM and SIGKILL. */
export const defaultTerminateTimeoutMs = 500;

/** What a session takes of a host's settings, with the defaults. */
export function sessionOptions(
  settings: ConnectSettings,
  clock: Clock,
  logger: Logger,
): Omit<SessionOptions, "plugins" | "tie" | "reattachable"> {
  return {
    killTimeoutMs: settings.killTimeoutMs ?? 2_000,
    terminateTimeoutMs: settings.terminateTimeoutMs ?? defaultTerminateTimeoutMs,
    clock,
    logger,
  };
}
