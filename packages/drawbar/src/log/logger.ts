import { isWritten, type LogLevel, type LogThreshold } from "./log-level.ts";

/** Structured details of a log entry. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where drawbar logs to: hclog's shape, small enough to be put before any logger. `createLogger` makes one
 * from a function. No method may throw.
 */
export interface Logger {
  /** The lowest level that is written. drawbar prepares nothing that is below it. */
  readonly level: LogThreshold;
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger for a part: its name is this one's, a dot, and `name`. */
  named(name: string): Logger;
  /** A logger whose every entry has these fields too; those of an entry win over them. */
  with(fields: LogFields): Logger;
}

/** One entry, as a logger made by `createLogger` hands it on. */
export interface LogEntry {
  readonly level: LogLevel;
  /** Names from the whole to the part, joined by dots; empty for an unnamed logger. */
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** What `createLogger` needs. */
export interface LoggerOptions {
  readonly name?: string;
  /** Default `info`. */
  readonly level?: LogThreshold;
  /** Takes each entry at or above `level`. */
  readonly write: (entry: LogEntry) => void;
}

/** A Logger that hands its entries to a function. */
export function createLogger(options: LoggerOptions): Logger {
  return new FunctionLogger(options.name ?? "", options.level ?? "info", options.write, noFields);
}

const noFields: LogFields = Object.freeze({});

/** What loggers have alike: a method for each level, all of which end in one. */
export abstract class LevelMethods implements Logger {
  abstract readonly level: LogThreshold;
  abstract named(name: string): Logger;
  abstract with(fields: LogFields): Logger;
  protected abstract log(level: LogLevel, message: string, fields: LogFields | undefined): void;

  trace(message: string, fields?: LogFields): void {
    this.log("trace", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.log("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.log("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.log("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.log("error", message, fields);
  }
}

class FunctionLogger extends LevelMethods {
  readonly level: LogThreshold;
  readonly #name: string;
  readonly #write: (entry: LogEntry) => void;
  readonly #fields: LogFields;

  constructor(name: string, level: LogThreshold, write: (entry: LogEntry) => void, fields: LogFields) {
    super();
    this.level = level;
    this.#name = name;
    this.#write = write;
    this.#fields = fields;
  }

  named(name: string): Logger {
    return new FunctionLogger(joinNames(this.#name, name), this.level, this.#write, this.#fields);
  }

  with(fields: LogFields): Logger {
    return new FunctionLogger(this.#name, this.level, this.#write, { ...this.#fields, ...fields });
  }

  protected log(level: LogLevel, message: string, fields: LogFields = noFields): void {
    if (!isWritten(level, this.level)) return;
    const all = this.#fields === noFields ? fields : { ...this.#fields, ...fields };
    this.#write({ level, logger: this.#name, message, fields: all });
  }
}

/** The name of a part, as hclog makes it. */
export function joinNames(whole: string, part: string): string {
  return whole === "" ? part : `${whole}.${part}`;
}

/** A logger that writes nothing. */
export const nullLogger: Logger = createLogger({ level: "off", write: () => {} });
