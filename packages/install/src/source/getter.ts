import type { Platform } from "./platform.ts";
import type { SourceAddress } from "./source-address.ts";
import type { SumsDocument } from "./sums-document.ts";

/** One kind of source. Users may add their own; nothing that a getter brings is trusted before it is verified. */
export interface Getter {
  /** What stands before `::`, such as `git`. */
  readonly name: string;
  /** The versions that can be had, in any order; undefined where the source is one thing without a choice. */
  versions(address: SourceAddress, context: GetContext): Promise<readonly string[] | undefined>;
  /**
   * What to fetch. Small documents (a registry's answers, SHA256SUMS and its signature) may be read for it, the
   * artefact itself is not.
   * @param version one of `versions`, or undefined where there is no choice
   */
  release(address: SourceAddress, version: string | undefined, context: GetContext): Promise<Release>;
}

/** What a getter is given besides its address. */
export interface GetContext {
  /** The plugin's name, for sources that hold several. */
  readonly name: string;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  /** Called now and then while bytes arrive. `total` is undefined where nobody said it. */
  readonly onBytes: (received: number, total: number | undefined) => void;
}

/** One version for one platform, ready to be fetched. */
export interface Release {
  /** What the source calls it; undefined where only the manifest or the file's name can tell. */
  readonly version: string | undefined;
  readonly artifact: FileArtifact | TreeArtifact;
}

/** A program or an archive: bytes that have a digest. */
export interface FileArtifact {
  readonly kind: "file";
  /** Its name decides what kind of archive it is, and its line in SHA256SUMS. */
  readonly fileName: string;
  /** Where the bytes are, without credentials: for messages and the lock file. */
  readonly origin: string;
  /** What the source itself says of the bytes. All must be true. */
  readonly digests: readonly ClaimedDigest[];
  /** The list of checksums that comes with it, with its signatures. */
  readonly sums: SumsDocument | undefined;
  /**
   * Writes the bytes to `file`. Where `file` holds the beginning already, from a download that was interrupted, a
   * source that can goes on from there, and one that cannot starts again.
   */
  fetch(file: string, context: GetContext): Promise<void>;
}

/** A folder, such as a git checkout: it has no digest but that of its files, taken once they are here. */
export interface TreeArtifact {
  readonly kind: "tree";
  readonly origin: string;
  /** Fills the empty `folder`. Links out of it are refused afterwards by whoever asked. */
  fetch(folder: string, context: GetContext): Promise<void>;
}

/**
 * A digest in lower-case hexadecimal, and who says so. `h1` is another kind: it is of what is in an archive, as
 * `treeDigest` takes it, in base64; Terraform's mirrors often know nothing else.
 */
export interface ClaimedDigest {
  readonly hash: string;
  readonly digest: string;
  readonly by: string;
}
