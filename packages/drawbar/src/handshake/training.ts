import type { Environment } from "./plugin-environment.ts";

/** True where `drawbar build --train` has started this plugin, without its host's cookie, to see what it compiles. */
export function isTraining(env: Environment): boolean {
  return env["DRAWBAR_TRAINING"] === "1";
}
