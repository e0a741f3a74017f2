import { DrawbarError } from "@drawbar/io";

/**
 * Why an encode or decode failed.
 *
 * - `gob-schema`: a schema or a registration is not one Go could have (thrown when it is made)
 * - `gob-value`: the value to encode does not fit its schema
 * - `gob-range`: a number does not fit the type it is encoded as or decoded into
 * - `gob-mismatch`: the received type cannot be decoded into the schema
 * - `gob-truncated`: the input ends inside a value
 * - `gob-corrupt`: the bytes are not a gob stream
 * - `gob-type`: a type id is unknown, or defined twice
 * - `gob-limit`: one of the decoder's limits was reached
 * - `gob-unregistered`: an interface value names a type that the registry does not have
 * - `gob-codec`: a codec (time, big.Int, one of your own) refused the value or the bytes
 */
export type GobErrorCode =
  | "gob-schema"
  | "gob-value"
  | "gob-range"
  | "gob-mismatch"
  | "gob-truncated"
  | "gob-corrupt"
  | "gob-type"
  | "gob-limit"
  | "gob-unregistered"
  | "gob-codec";

/** Where an encode or decode failed. */
export interface GobErrorWhere {
  /** Bytes from the start of the stream to the value that failed; not set when encoding. */
  readonly offset?: number | undefined;
  /** The schema's or the wire's name for the type. */
  readonly type?: string | undefined;
  /** Path from the value to the field, as `Address.Zip` or `Members[3].Name`. */
  readonly field?: string | undefined;
  /**
   * True when the stream cannot be read on: every later `decode` fails too. When false, the failed
   * value has been passed over and the next one can be decoded.
   */
  readonly fatal?: boolean;
  readonly cause?: unknown;
}

/** The one error of this package: says what, and where in the stream, the type and the value. */
export class GobError extends DrawbarError<GobErrorCode> {
  readonly offset: number | undefined;
  readonly type: string | undefined;
  readonly field: string | undefined;
  readonly fatal: boolean;

  constructor(code: GobErrorCode, what: string, where: GobErrorWhere = {}) {
    super(code, describe(what, where), {
      cause: where.cause,
      facts: { offset: where.offset, type: where.type, field: where.field, fatal: where.fatal ?? false },
    });
    this.offset = where.offset;
    this.type = where.type;
    this.field = where.field;
    this.fatal = where.fatal ?? false;
  }
}

function describe(what: string, where: GobErrorWhere): string {
  const place: string[] = [];
  if (where.field !== undefined && where.field !== "") place.push(`field ${where.field}`);
  if (where.type !== undefined && where.type !== "") place.push(`type ${where.type}`);
  if (where.offset !== undefined) place.push(`byte ${where.offset}`);
  return place.length === 0 ? `gob: ${what}` : `gob: ${what} (${place.join(", ")})`;
}
