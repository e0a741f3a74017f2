/**
 * Where a provider keeps what must survive it: a few small texts by key, and numbers that are used once.
 * Any number of providers may share one store.
 */
export interface StateStore extends AsyncDisposable {
  /** What is kept under `key`; undefined if nothing is. */
  get(key: string): Promise<string | undefined>;

  /**
   * Puts `value` (undefined removes) under `key` if what is there is still `expected`, and tells whether it
   * did. What it put is durable when it resolves: it survives the death of the process and of the machine.
   */
  replace(key: string, expected: string | undefined, value: string | undefined): Promise<boolean>;

  /**
   * The next number of a sequence, from 1 on. It is never given again: not to another caller, not after the
   * process died. Numbers may be left out.
   */
  next(sequence: string): Promise<bigint>;
}
