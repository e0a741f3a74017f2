import type { ReattachConfig } from "drawbar";
import type { BuildError } from "../build/build-error.ts";

/** What is worked on. */
export interface DevelopOptions {
  /** The plugin's main module; absolute. */
  readonly entry: string;
  /** For the plugin's command line. */
  readonly args: readonly string[];
  readonly external: readonly string[];
  /** What hosts know the plugin by, for `TF_REATTACH_PROVIDERS`. */
  readonly name: string;
  /** Where the built program goes; packages that stay outside are found from there. */
  readonly folder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its abort ends it all. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string, stream: "stdout" | "stderr") => void;
  readonly onEvent: (event: DevelopEvent) => void;
}

export type DevelopEvent =
  /** It serves; hosts attach with this. */
  | { readonly kind: "serving"; readonly reattach: ReattachConfig }
  /** It cannot be built; what was served before still is. */
  | { readonly kind: "build-failed"; readonly error: BuildError }
  /** It ended by itself; the next change starts it again. */
  | { readonly kind: "ended"; readonly how: string };
