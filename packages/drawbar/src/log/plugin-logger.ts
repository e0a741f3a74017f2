import { writeRealStderr } from "../serve/real-stderr.ts";
import { jsonLogger } from "./json-logger.ts";
import { type LogThreshold, logLevelVariable, parseLogThreshold } from "./log-level.ts";
import type { Logger } from "./logger.ts";
import { type PinoDestination, pinoToHclog } from "./pino-destination.ts";

/**
 * A logger for a plugin's own code: hclog's JSON on the process's stderr, which every go-plugin host logs
 * again with its level, name and fields. What is written to stderr in another way once the plugin serves
 * goes to the host's `syncStderr` instead.
 *
 * @param options level: default what a drawbar host wants to see (`pluginLogLevel`), else `trace`, so that the
 * host decides
 */
export function pluginLogger(options: { name?: string; level?: LogThreshold } = {}): Logger {
  return jsonLogger({ level: wantedLevel(), ...options, write: writeRealStderr });
}

/**
 * Where a plugin's pino logger writes to so that its entries are in the host's log, like those of
 * `pluginLogger`: `pino({ level: "trace" }, pinoDestination())`.
 */
export function pinoDestination(): PinoDestination {
  return pinoToHclog(writeRealStderr);
}

/** The lowest level that the host looks at, where it said so. */
export function wantedLevel(): LogThreshold {
  return parseLogThreshold(process.env[logLevelVariable] ?? "") ?? "trace";
}
