import { ValidationError } from "../validation/validation-error.ts";

/** What a host sent, parsed. Throws `ca-request-invalid` if it cannot be. */
export function parsedInput<T>(der: Uint8Array, parse: (der: Uint8Array) => T): T {
  try {
    return parse(der);
  } catch (cause) {
    throw new ValidationError("ca-request-invalid", (cause as Error).message, cause);
  }
}
