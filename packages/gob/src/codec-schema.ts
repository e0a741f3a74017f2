import type { Codec } from "./codec.ts";
import { type Schema, schemaOf } from "./schema.ts";

/** A schema for a type with a codec. */
export function codec<T, I = T>(methods: Codec<T, I>): Schema<T, I> {
  return schemaOf({ kind: "codec", codec: methods as Codec<unknown> });
}
