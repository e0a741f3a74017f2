import type { LogThreshold } from "./log-level.ts";
import { createLogger, type LogEntry, type Logger } from "./logger.ts";

/** What a text logger may be told. */
export interface TextLoggerOptions {
  readonly name?: string;
  /** Default `info`. */
  readonly level?: LogThreshold;
  /** Takes one line with its newline. */
  readonly write: (line: string) => void;
  /** Default the system's time. */
  readonly now?: () => Date;
}

/** A Logger that writes hclog's text form, for people: `time [LEVEL] name: message: key=value`. */
export function textLogger(options: TextLoggerOptions): Logger {
  const now = options.now ?? ((): Date => new Date());
  return createLogger({
    name: options.name ?? "",
    level: options.level ?? "info",
    write: (entry) => options.write(`${now().toISOString()} ${formatEntry(entry)}\n`),
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
