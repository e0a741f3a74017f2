import type { SecureConfig } from "../launch/secure-config.ts";

/** Which plugin a host wants. */
export interface PluginQuery {
  readonly name: string;
  /** Which versions will do; undefined: any. */
  readonly version: string | undefined;
}

/** A program that may be started for it. */
export interface FoundPlugin {
  readonly name: string;
  readonly version: string;
  readonly cmd: readonly [string, ...string[]];
  /** What its bytes must be. */
  readonly secureConfig: SecureConfig;
}

/** Finds installed plugins; `Plugins` of `@drawbar/install` is one. Rejects if nothing fits, and says what there is. */
export interface PluginFinder {
  find(query: PluginQuery): Promise<FoundPlugin>;
}
