import { type StructSchema, string, struct } from "@drawbar/gob";
import { DrawbarError, toError } from "@drawbar/io";

/** go-plugin's `BasicError` on the wire: an error of which only the message is known. */
export const basicError: StructSchema<{ Message: typeof string }> = struct("BasicError", { Message: string });

/** What `basicError` decodes as. */
export interface BasicErrorValue {
  readonly Message: string;
}

/** An error that arrived as a value, in a field or a list. Code `basic-error`; the message is unchanged. */
export class BasicError extends DrawbarError {
  constructor({ Message }: BasicErrorValue) {
    super("basic-error", Message);
  }
}

/**
 * Any error as a value to send, where a contract has `basicError`. A call's own failure needs none: what a
 * method throws reaches its caller as an error with the same message.
 */
export function toBasicError(error: unknown): BasicErrorValue {
  return { Message: toError(error).message };
}
