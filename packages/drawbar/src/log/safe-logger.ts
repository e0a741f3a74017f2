import type { LogLevel, LogThreshold } from "./log-level.ts";
import { LevelMethods, type LogFields, type Logger } from "./logger.ts";

/** The caller's logger, of which a throw is dropped: drawbar logs where nobody could catch it. */
export function safeLogger(logger: Logger): Logger {
  return new SafeLogger(logger);
}

class SafeLogger extends LevelMethods {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  get level(): LogThreshold {
    return this.#logger.level;
  }

  named(name: string): Logger {
    return new SafeLogger(this.#logger.named(name));
  }

  with(fields: LogFields): Logger {
    return new SafeLogger(this.#logger.with(fields));
  }

  protected log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    try {
      this.#logger[level](message, fields);
    } catch {
      // There is nowhere left to say it.
    }
  }
}
