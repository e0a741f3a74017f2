import { ProviderError } from "./provider-error.ts";

/** Throws `ca-aborted` if the caller's signal was aborted. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ProviderError("ca-aborted", "the call was aborted", { cause: signal.reason });
}
