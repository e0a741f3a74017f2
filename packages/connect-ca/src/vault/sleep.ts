import { type Clock, onAbort } from "@drawbar/io";

/** Resolves after `delayMs`, or as soon as `signal` aborts; never rejects. */
export function sleep(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A clock's timers let the process end; somebody waits for this one.
    const keepAlive = setInterval(() => {}, 2 ** 30);
    const done = (): void => {
      clearInterval(keepAlive);
      timer.cancel();
      stopListening();
      resolve();
    };
    const timer = clock.setTimer(delayMs, done);
    let stopListening = (): void => {};
    stopListening = onAbort(signal, done);
  });
}
