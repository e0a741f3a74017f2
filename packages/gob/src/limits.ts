/** What a decoder takes from its peer. */
export interface GobLimits {
  /** Longest message, in bytes. Default 1 GiB, as Go; 16 MiB is sensible for an untrusted peer. */
  readonly maxMessageBytes: number;
  /** How deep values may nest. Default 1000. Go has no such limit; deeper needs a larger stack here. */
  readonly maxDepth: number;
  /** Elements of slices, arrays and maps in one value, all together. Default 2^26. */
  readonly maxElements: number;
  /** Bytes of type definitions kept per stream. Default 4 MiB. */
  readonly maxTypeBytes: number;
}

/** Go's own message limit, and limits where Go has none. */
export const defaultGobLimits: GobLimits = {
  maxMessageBytes: 1 << 30,
  maxDepth: 1000,
  maxElements: 1 << 26,
  maxTypeBytes: 4 << 20,
};
