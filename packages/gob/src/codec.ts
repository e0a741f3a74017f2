/**
 * A type that Go encodes by a method of its own. To the wire it is a run of bytes; what they mean is
 * between the two codecs.
 *
 * Decoding requires that the sender used the same kind of method: `gob` for GobEncoder, `binary` for
 * encoding.BinaryMarshaler, `text` for encoding.TextMarshaler (defined in the format, but no Go encoder
 * uses it). Go prefers `gob` when a type has several.
 */
export interface Codec<T, I = T> {
  /** The type's name on the wire: informative, nothing is matched by it. */
  readonly name: string;
  readonly method: "gob" | "binary" | "text";
  /** May throw: the encode fails with `gob-codec`. The bytes are copied. */
  encode(value: I): Uint8Array;
  /** `bytes` is a copy of its own and may be kept. May throw: the decode fails with `gob-codec`. */
  decode(bytes: Uint8Array): T;
  /** What a struct field that was not sent decodes as. */
  zero(): T;
  /** Struct fields with this value are not sent. Default: every value is sent. */
  isZero?(value: I): boolean;
}
