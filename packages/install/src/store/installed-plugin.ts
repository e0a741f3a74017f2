/** A plugin that is installed: everything in its manifest, and where it is. */
export interface InstalledPlugin {
  readonly name: string;
  readonly version: string;
  /** `linux_amd64`. */
  readonly platform: string;
  /** The folder that is its alone. */
  readonly folder: string;
  /** The file to start. */
  readonly program: string;
  /** `sha256:HEX` of the program, or `h1:…` of the folder where the program needs the files beside it. */
  readonly digest: string;
  /** Where it came from, without credentials. */
  readonly origin: string;
  /** Of what was fetched, as in the lock file. */
  readonly hashes: readonly string[];
}
