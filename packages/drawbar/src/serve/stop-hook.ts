import { type Clock, toError } from "@drawbar/io";
import type { Logger } from "../log/logger.ts";

/**
 * What a plugin does before it ends; may take time. The signal aborts when that is up, and the plugin ends whatever
 * the hook does then.
 */
export type StopHook = (signal: AbortSignal) => void | Promise<void>;

/** Half of what hosts wait before they use force. */
export const defaultStopTimeoutMs = 1_000;

/** Runs the hook within its time. Never rejects: a plugin that is to end ends. */
export async function runStopHook(
  hook: StopHook | undefined,
  timeoutMs: number,
  clock: Clock,
  logger: Logger,
): Promise<void> {
  if (hook === undefined) return;
  const given = new AbortController();
  const late = new Promise<void>((resolve) => {
    given.signal.addEventListener("abort", () => resolve());
  });
  const timer = clock.setTimer(timeoutMs, () => {
    logger.warn("the plugin's stop hook takes too long; the plugin ends without it", { timeoutMs });
    given.abort(new Error(`the plugin's stop hook had ${timeoutMs} ms (stopTimeoutMs)`));
  });
  const work = (async () => hook(given.signal))().catch((error: unknown) =>
    logger.error("the plugin's stop hook failed", { error: toError(error) }),
  );
  await Promise.race([work, late]);
  timer.cancel();
}
