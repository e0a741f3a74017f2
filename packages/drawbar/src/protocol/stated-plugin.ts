/** What a plugin says of itself; undefined for what it does not say. */
export interface StatedPlugin {
  readonly name: string | undefined;
  /** A semantic version, such as `1.2.3`. */
  readonly version: string | undefined;
}
