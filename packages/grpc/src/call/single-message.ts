import { StatusError } from "../status/status-error.ts";

/** One message as a stream. */
export async function* once<T>(message: T | PromiseLike<T>): AsyncGenerator<T, undefined, undefined> {
  yield await message;
}

/** The one message of a stream, read to its end: an error after the message counts. */
export async function only<T>(messages: AsyncIterable<T>, what: string): Promise<T> {
  let found: { readonly message: T } | undefined;
  for await (const message of messages) {
    if (found !== undefined) throw new StatusError("INTERNAL", `expected one ${what}, got more`);
    found = { message };
  }
  if (found === undefined) throw new StatusError("INTERNAL", `expected one ${what}, got none`);
  return found.message;
}
