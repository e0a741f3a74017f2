/**
 * Calls `listener` once when `signal` aborts, at once if it has already. Returns what removes the
 * listener again: a long-lived signal must not collect listeners of calls that are over.
 */
export function onAbort(signal: AbortSignal | undefined, listener: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener(signal.reason);
    return () => {};
  }
  const handler = (): void => listener(signal.reason);
  signal.addEventListener("abort", handler, { once: true });
  return () => signal.removeEventListener("abort", handler);
}
