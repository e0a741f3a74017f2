import type { TrustedKey } from "../verify/trusted-key.ts";

/** What has to vouch for a plugin, besides the lock file once it is in there. */
export interface TrustPolicy {
  /** Whose signatures count. If there are any, every plugin must have one of them. */
  readonly keys: readonly TrustedKey[];
  /** `signature`: by a pinned key. `checksum`: the source must say a digest. `nothing`: the first fetch is trusted. */
  readonly require: "signature" | "checksum" | "nothing";
}
