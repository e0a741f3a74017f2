import { StatusError } from "../status/status-error.ts";

/** How long a message may be, and which option says so. */
export interface MessageLimit {
  readonly bytes: number;
  /** For the error: `maxReceiveMessageBytes of the Server`. */
  readonly option: string;
}

/** RESOURCE_EXHAUSTED, naming the option that would allow the message. */
export function messageTooLarge(length: number, limit: MessageLimit, verb: "received" | "sent"): StatusError {
  const text = `${verb} message of ${length} bytes is larger than ${limit.bytes} bytes; to allow it, raise ${limit.option}`;
  return new StatusError("RESOURCE_EXHAUSTED", text, { facts: { length, limitBytes: limit.bytes } });
}

/** The limit where none is given: the largest that go-plugin's host takes. */
export const largestDefaultMessageBytes: number = 2 ** 31 - 1;
