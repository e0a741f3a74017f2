import type { UnpackLimits } from "../archive/unpack-limits.ts";
import type { Platform } from "../source/platform.ts";
import type { SourcesOptions } from "../source/sources.ts";
import type { Mirrors } from "./mirrors.ts";
import type { InstallProgress } from "./progress.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** Where plugins are, where they come from and who vouches for them. */
export interface PluginsOptions extends Omit<SourcesOptions, "cwd"> {
  /** Where plugins are installed. Default: `DRAWBAR_PLUGIN_ROOT`, else `drawbar/plugins` in the user's data folder. */
  readonly root?: string;
  /** Default: `drawbar.lock.json` in the working folder. Relative sources start in its folder. */
  readonly lockFile?: string;
  /** Where fetched files are kept. Default: `DRAWBAR_CACHE`, else `drawbar` in the user's cache folder. */
  readonly cacheFolder?: string;
  /** Plain folders in which programs called `NAME_v1.2.3` are found as well. */
  readonly folders?: readonly string[];
  /** Default: that of this process. */
  readonly platform?: Platform;
  /**
   * Platforms that the lock file is to have besides, as in a team of several systems: what they would install is fetched
   * and verified, not installed. With `frozen`, a lock file that lacks one is refused. Default: none.
   */
  readonly lockPlatforms?: readonly Platform[];
  /** Keys whose signatures count. If there are any, what has no signature by one of them is refused. */
  readonly keys?: TrustPolicy["keys"];
  /** What must vouch for a plugin that is not in the lock file yet. Default: `nothing`, but `signature` with `keys`. */
  readonly require?: TrustPolicy["require"];
  /** Fail rather than change the lock file, as in continuous integration. Default false. */
  readonly frozen?: boolean;
  /** Ask nobody: what is not installed or in the cache fails, unless it is a file of this machine. Default false. */
  readonly offline?: boolean;
  /** Let `find` have plugins that are not in the lock file: the newest that fits. Default false. */
  readonly unlocked?: boolean;
  readonly mirrors?: Mirrors;
  /** Of archives. */
  readonly unpackLimits?: Partial<UnpackLimits>;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Ends what is under way with `cancelled`. */
  readonly signal?: AbortSignal;
}
