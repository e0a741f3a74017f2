import type { Clock } from "@drawbar/io";

/** True as soon as `work` is done; false once the time is up. `work` must not reject. */
export function within(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(timeoutMs, () => resolve(false));
    void work.then(() => {
      timer.cancel();
      resolve(true);
    });
  });
}
