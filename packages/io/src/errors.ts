/**
 * The base of every error that drawbar's packages raise.
 *
 * `code` is stable and meant for programs, `message` is meant for people and may change. `Code` is what
 * `code` may be: a kind of error with codes of its own names them there, and a misspelt one is a compile
 * error. `facts` are structured details (plugin path, exit code, byte offset, stream id) that never contain
 * secrets.
 */
export class DrawbarError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options?: DrawbarErrorOptions) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.facts = options?.facts ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** What a DrawbarError carries besides its code and message. */
export interface DrawbarErrorOptions {
  readonly cause?: unknown;
  readonly facts?: Readonly<Record<string, unknown>>;
}

// A registered symbol, so that two copies of this package in one program recognise each other's errors.
const brand: unique symbol = Symbol.for("drawbar.error") as never;

/** True for a DrawbarError made by any copy of this package. */
export function isDrawbarError(value: unknown): value is DrawbarError {
  return value instanceof Error && brand in value;
}

/** The value itself if it is an Error, otherwise an Error that shows it: anything can be thrown. */
export function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value), { cause: value });
}
