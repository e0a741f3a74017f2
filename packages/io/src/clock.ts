/**
 * Time as protocols see it. Injected wherever a protocol waits, so that tests advance it by hand
 * instead of sleeping.
 */
export interface Clock {
  /** Milliseconds since an arbitrary origin; never goes backwards. */
  now(): number;

  /** Runs `callback` once, `delayMs` from now. The timer does not keep the process alive. */
  setTimer(delayMs: number, callback: () => void): Timer;
}

/** A pending timer. */
export interface Timer {
  /** Cancels it; without effect once it has run. */
  cancel(): void;
}

// node's timers are objects that can be detached from the event loop; elsewhere they are numbers.
interface DetachableTimer {
  unref?(): void;
}

// The longest delay that platforms' timers take; a longer one would fire at once.
const longestDelayMs = 2 ** 31 - 1;

// node's monotonic time in seconds and nanoseconds. It loads all of perf_hooks the first time that `performance` is
// looked at, which takes a plugin some 3 ms of its start.
const hrtime: (() => [number, number]) | undefined = (
  globalThis as { process?: { hrtime?: () => [number, number] } }
).process?.hrtime;

function nowMs(): number {
  if (hrtime === undefined) return performance.now();
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** The platform's own monotonic clock and timers. */
export const systemClock: Clock = {
  now: nowMs,
  setTimer(delayMs: number, callback: () => void): Timer {
    const handle: unknown = setTimeout(callback, Math.min(delayMs, longestDelayMs));
    if (typeof handle === "object" && handle !== null) (handle as DetachableTimer).unref?.();
    return { cancel: () => clearTimeout(handle as number) };
  },
};
