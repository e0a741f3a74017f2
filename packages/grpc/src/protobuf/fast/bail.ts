/**
 * Thrown where the fast path meets anything out of the ordinary: a value of the wrong type, an unknown field,
 * bytes that are malformed. The library then does the same work again from the start, so that its results and
 * its errors are the only ones there are.
 */
export class Bail extends Error {}

// One for all: it is caught right away, and nobody reads it.
const bailing: Bail = new Bail("left to the library");

export function bail(): never {
  throw bailing;
}

/** A message as its fields. */
export type Fields = Record<string, unknown>;
