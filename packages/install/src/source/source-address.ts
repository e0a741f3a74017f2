import type { Credentials } from "../transfer/credentials/credentials.ts";

/** Where a plugin comes from, as go-getter spells it, taken apart: `git::https://host/repo//subdir?ref=v1`. */
export interface SourceAddress {
  /** As the user wrote it, but without a password. For messages and the lock file. */
  readonly text: string;
  /** The getter's name: forced by `NAME::`, or found by a detector. */
  readonly getter: string;
  /** What the getter is asked for: an absolute path, a URL or a name, without getter, subfolder and checksum. */
  readonly location: string;
  /** The part after `//`: the folder within an archive or tree that is the plugin. Relative, without `..`. */
  readonly subdir: string | undefined;
  /** Parameters such as `ref`, `archive`, `depth`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What `?checksum=` says of the artefact's bytes. */
  readonly checksum: ChecksumParameter | undefined;
  /** User and password that the address held. They are meant for its own host only, and show themselves nowhere. */
  readonly credentials?: Credentials | undefined;
}

/** `?checksum=sha256:HEX`, a bare `HEX` (the hash by its length), or `file:LOCATION` of a checksum file. */
export type ChecksumParameter =
  | { readonly kind: "digest"; readonly hash: string; readonly digest: string }
  | { readonly kind: "file"; readonly location: string };
