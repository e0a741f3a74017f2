import type { Clock } from "@drawbar/io";
import { onAbort } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import type { Failure } from "./network-failure.ts";
import type { TransferLimits } from "./transfer-limits.ts";

/** One try: it worked, or it did not. */
export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | ({ readonly kind: "failed" } & Failure);

/** Tries until it works, cannot work, or was tried often enough; waits longer from time to time. */
export async function withRetries<T>(
  attempt: () => Promise<Outcome<T>>,
  limits: TransferLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const outcome = await attempt();
    if (outcome.kind === "done") return outcome.value;
    if (!outcome.retry) throw outcome.error;
    if (tries > limits.retries) throw triedOften(outcome.error, tries);
    const waitMs = outcome.afterMs ?? backOffMs(limits, tries);
    if (waitMs > limits.retryAfterMs) throw asksTooMuch(outcome.error, waitMs);
    await wait(waitMs, clock, signal);
  }
}

// Half of it by chance: many clients that one failure hit do not come back in step.
function backOffMs(limits: TransferLimits, tries: number): number {
  return Math.min(limits.retryMs * 2 ** (tries - 1), limits.retryAfterMs) * (0.5 + Math.random() / 2);
}

function triedOften(error: InstallError, tries: number): InstallError {
  const { cause, facts } = error;
  if (tries === 1) return error;
  return new InstallError(error.code, `${error.message} (tried ${tries} times)`, {
    cause,
    facts: { ...facts, tries },
  });
}

function asksTooMuch(error: InstallError, waitMs: number): InstallError {
  const seconds = Math.ceil(waitMs / 1000);
  return new InstallError(error.code, `${error.message}; it asks to come back in ${seconds} s`, {
    cause: error.cause,
    facts: { ...error.facts, retryAfterMs: waitMs },
  });
}

function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // A clock's timer keeps no process alive, and between two connections nothing else does.
    const keepAlive = setInterval(() => {}, 2 ** 30);
    const timer = clock.setTimer(ms, () => {
      unlink();
      clearInterval(keepAlive);
      resolve();
    });
    const unlink = onAbort(signal, (reason) => {
      timer.cancel();
      clearInterval(keepAlive);
      reject(reason);
    });
  });
}
