import type { LogThreshold } from "./log-level.ts";
import { createLogger, type LogEntry, type Logger } from "./logger.ts";

/** What a console logger may be told. */
export interface ConsoleLoggerOptions {
  readonly name?: string;
  /** Default `info`. */
  readonly level?: LogThreshold;
  /** Default the global console; everything goes to its `error`, which is stderr. */
  readonly console?: { error(line: string): void };
}

/** A Logger that writes hclog's text form to the console: `time [LEVEL] name: message: key=value`. */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  const target = options.console ?? console;
  return createLogger({
    name: options.name ?? "",
    level: options.level ?? "info",
    write: (entry) => target.error(`${new Date().toISOString()} ${formatEntry(entry)}`),
  });
}

/** An entry as hclog writes it for people, without the time. */
export function formatEntry(entry: LogEntry): string {
  const level = `[${entry.level.toUpperCase()}]`.padEnd(7);
  const name = entry.logger === "" ? "" : `${entry.logger}: `;
  const pairs = Object.entries(entry.fields).map(([key, value]) => `${key}=${formatValue(value)}`);
  return `${level} ${name}${entry.message}${pairs.length === 0 ? "" : `: ${pairs.join(" ")}`}`;
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === "object" ? safeJson(value) : String(value);
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // Cycles, or a toJSON that throws.
    return "[not shown]";
  }
}
