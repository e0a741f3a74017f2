/** What a process holds, in bytes. */
export interface Memory {
  /** Of the heap and of buffers, after everything that is garbage was collected. */
  readonly used: number;
  /** Of the machine's memory. */
  readonly resident: number;
}

/** This process's memory, once it holds still. It must have been started with --expose-gc. */
export async function settledMemory(): Promise<Memory> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    // Finalizers, and the other side's closing, come with later turns.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
}
