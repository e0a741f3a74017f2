import { isWritten, type LogLevel, type LogThreshold, parseLogLevel } from "./log-level.ts";
import type { LogFields } from "./logger.ts";

/** What a line of a plugin's stderr says. */
export interface StderrEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields;
}

/**
 * Finds the level of each line of one plugin's stderr, by go-plugin's rules: hclog's JSON, then a `[LEVEL]`
 * at the front, then a Go panic, after which every line without a level belongs to it. All else is debug.
 * Never throws, whatever the line holds.
 */
export class StderrClassifier {
  readonly #threshold: LogThreshold;
  #inPanic = false;

  constructor(threshold: LogThreshold) {
    this.#threshold = threshold;
  }

  /** undefined for a line that is below the threshold. */
  classify(line: string): StderrEntry | undefined {
    const json = line.startsWith("{") ? parseHclogJson(line) : undefined;
    const entry = json ?? { level: this.#levelOfText(line), message: line };
    return isWritten(entry.level, this.#threshold) ? entry : undefined;
  }

  #levelOfText(line: string): LogLevel {
    const tag = /^\[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.exec(line)?.[1];
    if (tag !== undefined) return parseLogLevel(tag) ?? "debug";
    if (line.startsWith("panic: ") || line.startsWith("fatal error: ")) this.#inPanic = true;
    return this.#inPanic ? "error" : "debug";
  }
}

// Exactly what hclog writes; upstream takes a line with any other time for text.
const timestampPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

function parseHclogJson(line: string): StderrEntry | undefined {
  const raw = parseObject(line);
  if (raw === undefined) return undefined;
  const { "@message": message = "", "@level": levelName = "", "@timestamp": timestamp, ...fields } = raw;
  // Upstream's host panics on a message that is no string.
  if (typeof message !== "string" || typeof levelName !== "string") return { level: "debug", message: line };
  if (timestamp !== undefined && !(typeof timestamp === "string" && timestampPattern.test(timestamp)))
    return undefined;
  const level = parseLogLevel(levelName);
  // JSON, but not hclog's: shown as it is.
  if (level === undefined) return { level: "debug", message: line };
  return { level, message, fields: timestamp === undefined ? fields : { ...fields, timestamp } };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
