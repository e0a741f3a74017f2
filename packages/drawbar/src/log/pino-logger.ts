import { type LogLevel, type LogThreshold, parseLogLevel } from "./log-level.ts";
import { joinNames, LevelMethods, type LogFields, type Logger } from "./logger.ts";

/** What of a pino logger is used. */
export interface PinoLike {
  readonly level: string;
  trace(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: Record<string, unknown>): PinoLike;
}

/** A Logger in front of a pino logger. Names of parts are in `module`, joined by dots. */
export function pinoLogger(pino: PinoLike): Logger {
  return new PinoLogger(pino, "", {});
}

class PinoLogger extends LevelMethods {
  readonly #root: PinoLike;
  readonly #pino: PinoLike;
  readonly #name: string;
  readonly #fields: LogFields;

  constructor(root: PinoLike, name: string, fields: LogFields) {
    super();
    this.#root = root;
    this.#name = name;
    this.#fields = fields;
    const bindings = name === "" ? fields : { module: name, ...fields };
    // Always of the root: pino writes a binding of parent and child twice.
    this.#pino = Object.keys(bindings).length === 0 ? root : root.child({ ...bindings });
  }

  /** pino's level at this moment: it may be changed at any time. */
  get level(): LogThreshold {
    const { level } = this.#root;
    // Above `error` nothing that drawbar says is written; a level of the user's own may be anywhere.
    return level === "silent" || level === "fatal" ? "off" : (parseLogLevel(level) ?? "trace");
  }

  named(name: string): Logger {
    return new PinoLogger(this.#root, joinNames(this.#name, name), this.#fields);
  }

  with(fields: LogFields): Logger {
    return new PinoLogger(this.#root, this.#name, { ...this.#fields, ...fields });
  }

  protected log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.#pino[level](fields, message);
  }
}
