import { formatJsonEntry } from "./json-logger.ts";
import type { LogLevel } from "./log-level.ts";

/** A destination for `pino(options, destination)`. */
export interface PinoDestination {
  /** Takes one line of pino's JSON. */
  write(line: string): void;
}

/**
 * Turns pino's lines into hclog's, which every go-plugin host logs again with level, name and fields. pino's
 * `name` becomes the logger's name; its process id and host name are left out, since the host knows them.
 *
 * @param write takes one line with its newline
 */
export function pinoToHclog(write: (line: string) => void): PinoDestination {
  return {
    write: (line) => write(convert(line)),
  };
}

function convert(line: string): string {
  const entry = parse(line);
  // Not pino's: a host logs it as the text that it is.
  if (entry === undefined) return line.endsWith("\n") ? line : `${line}\n`;
  const { level, time, msg = "", name, pid: _pid, hostname: _hostname, ...fields } = entry;
  const logger = typeof name === "string" ? name : "";
  const date = typeof time === "number" || typeof time === "string" ? new Date(time) : new Date();
  const known = Number.isNaN(date.getTime()) ? new Date() : date;
  return `${formatJsonEntry({ level: levelOf(level), logger, message: String(msg), fields }, known)}\n`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

// pino's numbers: trace 10, debug 20, info 30, warn 40, error 50, fatal 60; others lie between.
function levelOf(level: unknown): LogLevel {
  if (typeof level !== "number") return "info";
  if (level >= 50) return "error";
  if (level >= 40) return "warn";
  if (level >= 30) return "info";
  return level >= 20 ? "debug" : "trace";
}
