import type { LogLevel, LogThreshold } from "./log-level.ts";
import type { LogFields, Logger } from "./logger.ts";

/** The caller's logger, of which a throw is dropped: drawbar logs where nobody could catch it. */
export function safeLogger(logger: Logger): Logger {
  return new SafeLogger(logger);
}

class SafeLogger implements Logger {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get level(): LogThreshold {
    return this.#logger.level;
  }

  trace(message: string, fields?: LogFields): void {
    this.#log("trace", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  named(name: string): Logger {
    return new SafeLogger(this.#logger.named(name));
  }

  with(fields: LogFields): Logger {
    return new SafeLogger(this.#logger.with(fields));
  }

  #log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    try {
      this.#logger[level](message, fields);
    } catch {
      // There is nowhere left to say it.
    }
  }
}
