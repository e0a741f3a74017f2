import { codec } from "./codec-schema.ts";
import type { Schema } from "./schema.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Go's `url.URL` or `*url.URL`, as its text: unlike a JavaScript URL it may be relative, and is not
 * normalized. Takes a URL too.
 */
export const url: Schema<string, string | URL> = codec<string, string | URL>({
  name: "URL",
  method: "binary",
  zero: () => "",
  encode: (value) => encoder.encode(String(value)),
  decode: (bytes) => decoder.decode(bytes),
});
