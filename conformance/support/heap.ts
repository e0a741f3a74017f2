import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes in use by this process's heap and buffers, after what is garbage was collected. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 2; round++) {
    collect();
    // Finalizers come with the next turn, and what they let go of with the next round.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
