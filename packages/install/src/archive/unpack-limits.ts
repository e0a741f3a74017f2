/** What an archive may make us hold and write. */
export interface UnpackLimits {
  /** Files and folders together. Default 20,000. */
  readonly maxEntries: number;
  /** All that is inflated, headers and padding included. Default 4 GiB. */
  readonly maxTotalBytes: number;
  /** One file. Default 2 GiB. */
  readonly maxFileBytes: number;
  /** Inflated bytes for each byte of the archive, looked at once 16 MiB are inflated. Default 200. */
  readonly maxRatio: number;
  /** One path, in bytes of UTF-8. Default 1,024. */
  readonly maxPathBytes: number;
  /** Folders within folders. Default 32. */
  readonly maxDepth: number;
}

export const defaultUnpackLimits: UnpackLimits = {
  maxEntries: 20_000,
  maxTotalBytes: 4 * 2 ** 30,
  maxFileBytes: 2 * 2 ** 30,
  maxRatio: 200,
  maxPathBytes: 1024,
  maxDepth: 32,
};
