import { GobError, type GobErrorCode } from "./gob-error.ts";

/**
 * A failure on its way out of nested encode or decode steps, which add where they are. It becomes a
 * GobError at the outermost step; until then it is not an Error, so that it costs no stack trace.
 */
export class Fault {
  readonly code: GobErrorCode;
  readonly what: string;
  readonly offset: number | undefined;
  readonly cause: unknown;
  type: string | undefined;
  // Innermost first.
  #path: string[] = [];

  constructor(code: GobErrorCode, what: string, offset?: number, cause?: unknown) {
    this.code = code;
    this.what = what;
    this.offset = offset;
    this.cause = cause;
  }

  /** Adds the step in which it happened: a field (`.Name`), an element (`[3]`) or a type's name. */
  within(step: string, type?: string): this {
    // Faults in deep recursion would name every level.
    if (this.#path.length < maxSteps) this.#path.push(step);
    this.type ??= type;
    return this;
  }

  toError(offset: number | undefined = this.offset, fatal: boolean = false): GobError {
    const field = this.#path.reverse().join("");
    return new GobError(this.code, this.what, {
      offset,
      type: this.type,
      field: field.startsWith(".") ? field.slice(1) : field,
      fatal,
      cause: this.cause,
    });
  }
}

const maxSteps = 32;

/** What a thrown value is as a Fault. Running out of stack is the one engine error that input can cause. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  if (thrown instanceof RangeError && thrown.message.includes("call stack")) {
    return new Fault("gob-limit", "nested too deep for the stack: lower maxDepth or flatten the value");
  }
  throw thrown;
}
