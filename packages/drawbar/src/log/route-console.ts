import { format } from "node:util";
import type { LogLevel } from "./log-level.ts";
import type { Logger } from "./logger.ts";

type ConsoleMethod = "trace" | "debug" | "log" | "info" | "warn" | "error";

/** What of a console is routed. */
export type RoutedConsole = Record<ConsoleMethod, (...args: unknown[]) => void>;

const levels: Readonly<Record<ConsoleMethod, LogLevel>> = {
  trace: "trace",
  debug: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
};

/**
 * Sends what a program says through `console` to a logger, with the level of the method that was called. In a
 * plugin, `routeConsole(pluginLogger())` makes it part of the host's log instead of its `syncStdout`.
 * Returns what gives the console back.
 *
 * @param target default the global console
 */
export function routeConsole(logger: Logger, target: RoutedConsole = console): () => void {
  const names = Object.keys(levels) as ConsoleMethod[];
  const originals = names.map((name) => target[name]);
  for (const name of names) {
    target[name] = (...args) => logger[levels[name]](format(...args));
  }
  return () => {
    for (const [index, name] of names.entries()) target[name] = originals[index] ?? target[name];
  };
}
