import { writeRealStderr } from "../serve/real-stderr.ts";
import { jsonLogger } from "./json-logger.ts";
import type { LogThreshold } from "./log-level.ts";
import type { Logger } from "./logger.ts";

/**
 * A logger for a plugin's own code: hclog's JSON on the process's stderr, which every go-plugin host logs
 * again with its level, name and fields. What is written to stderr in another way once the plugin serves
 * goes to the host's `syncStderr` instead.
 *
 * @param options level: default `trace`, so that the host decides
 */
export function pluginLogger(options: { name?: string; level?: LogThreshold } = {}): Logger {
  return jsonLogger({ ...options, write: writeRealStderr });
}
