import type { LogThreshold } from "./log-level.ts";
import { createLogger, type LogEntry, type Logger } from "./logger.ts";

/** What a plugin's logger may be told. */
export interface JsonLoggerOptions {
  readonly name?: string;
  /** Default `trace`: the host decides what it shows. */
  readonly level?: LogThreshold;
  /** Takes one line with its newline. */
  readonly write: (line: string) => void;
  /** Default the system's time. */
  readonly now?: () => Date;
}

/**
 * A Logger that writes hclog's JSON, one line an entry. On a plugin's stderr every go-plugin host reads it
 * and logs it again with its level and fields.
 */
export function jsonLogger(options: JsonLoggerOptions): Logger {
  const now = options.now ?? ((): Date => new Date());
  return createLogger({
    name: options.name ?? "",
    level: options.level ?? "trace",
    write: (entry) => options.write(`${formatJsonEntry(entry, now())}\n`),
  });
}

/** An entry as hclog writes it for programs. */
export function formatJsonEntry(entry: LogEntry, time: Date): string {
  const head = {
    "@level": entry.level,
    "@message": entry.message,
    ...(entry.logger === "" ? {} : { "@module": entry.logger }),
    // Go's hosts insist on microseconds.
    "@timestamp": time.toISOString().replace("Z", "000Z"),
  };
  try {
    return JSON.stringify({ ...head, ...entry.fields }, showErrors);
  } catch {
    // A field with a cycle or a bigint must not cost the entry.
    const fields = Object.entries(entry.fields).map(([key, value]) => [key, String(value)]);
    return JSON.stringify({ ...head, ...Object.fromEntries(fields) });
  }
}

function showErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
