import { type Clock, onAbort } from "@drawbar/io";

/** What ends a call early: its time limit or its caller. */
export interface CallLimit extends Disposable {
  readonly signal: AbortSignal;
  /** Why the signal aborted. */
  readonly ended: "timeout" | "aborted" | undefined;
}

/** Starts a call's time limit. Dispose it when the call is over. */
export function startCallLimit(
  timeoutMs: number,
  callerSignal: AbortSignal | undefined,
  clock: Clock,
): CallLimit {
  const controller = new AbortController();
  let ended: CallLimit["ended"];
  const end = (why: "timeout" | "aborted", reason: unknown): void => {
    ended ??= why;
    controller.abort(reason);
  };
  const timer = clock.setTimer(timeoutMs, () => end("timeout", undefined));
  const stopListening = onAbort(callerSignal, (reason) => end("aborted", reason));
  return {
    signal: controller.signal,
    get ended() {
      return ended;
    },
    [Symbol.dispose]() {
      timer.cancel();
      stopListening();
    },
  };
}
