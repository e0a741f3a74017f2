import type { LogThreshold } from "./log-level.ts";
import type { Logger } from "./logger.ts";
import { textLogger } from "./text-logger.ts";

/** What a console logger may be told. */
export interface ConsoleLoggerOptions {
  readonly name?: string;
  /** Default `info`. */
  readonly level?: LogThreshold;
  /** Default the global console; everything goes to its `error`, which is stderr. */
  readonly console?: { error(line: string): void };
}

/** A Logger that writes hclog's text form to the console. */
export function consoleLogger({ console: target = console, ...options }: ConsoleLoggerOptions = {}): Logger {
  return textLogger({ ...options, write: (line) => target.error(line.trimEnd()) });
}
