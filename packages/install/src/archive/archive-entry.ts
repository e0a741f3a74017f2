/** One thing in an archive, before anything is known of its safety. */
export interface ArchiveEntry {
  /** As the archive spells it: not to be used as a path. */
  readonly name: string;
  readonly kind: "file" | "folder";
  /** True where the archive lets anybody execute it. Other mode bits are not looked at. */
  readonly executable: boolean;
  /** What the archive says of its length. The bytes that come are counted all the same. */
  readonly sizeBytes: number | undefined;
  /** The bytes; empty for a folder. Must be read to its end, or left, before the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}
