// node's queue that runs after the microtasks of the present callback, before the next event.
interface TickQueue {
  nextTick(callback: () => void): void;
}

const tickQueue: TickQueue | undefined = (globalThis as { process?: Partial<TickQueue> }).process?.nextTick
  ? (globalThis as unknown as { process: TickQueue }).process
  : undefined;

/**
 * Runs `callback` at the end of the present turn of the event loop: after every promise continuation
 * that is already due, before the next event. Protocols flush their output there, so that everything
 * written in one turn leaves as one write.
 */
export function atTurnEnd(callback: () => void): void {
  // A tick asked for from within a microtask runs once the microtask queue is empty, and so after the
  // handlers which that queue is about to resume.
  if (tickQueue === undefined) queueMicrotask(callback);
  else queueMicrotask(() => tickQueue.nextTick(callback));
}

const immediate: ((callback: () => void) => unknown) | undefined = (
  globalThis as { setImmediate?: (callback: () => void) => unknown }
).setImmediate;

/**
 * Runs `callback` in a later turn of the event loop, after events that are waiting have had theirs.
 * Whoever produces without end gives way there, so that it does not keep all others waiting.
 */
export function atNextTurn(callback: () => void): void {
  if (immediate === undefined) setTimeout(callback, 0);
  else immediate(callback);
}
