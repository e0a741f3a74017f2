import type { UnpackLimits } from "../archive/unpack-limits.ts";
import type { ArtifactCache } from "../cache/artifact-cache.ts";
import type { LockFile } from "../lock-file/lock-file.ts";
import type { Platform } from "../source/platform.ts";
import type { Sources } from "../source/sources.ts";
import type { Store } from "../store/store.ts";
import type { Mirrors } from "./mirrors.ts";
import type { InstallProgress } from "./progress.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** What an install works with. */
export interface InstallSettings {
  readonly store: Store;
  readonly cache: ArtifactCache;
  readonly lockFile: LockFile;
  readonly sources: Sources;
  readonly platform: Platform;
  /** Those that the lock file is to have besides. */
  readonly lockPlatforms: readonly Platform[];
  readonly trust: TrustPolicy;
  readonly unpackLimits: Partial<UnpackLimits>;
  /** Nothing is asked that is not on this machine. */
  readonly offline: boolean;
  readonly mirrors: Mirrors;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly signal: AbortSignal;
}
