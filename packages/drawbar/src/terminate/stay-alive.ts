/**
 * Keeps this process alive until the work settles. A host that waits for something that node does not count as
 * alive, such as a runner's plugin or a timer of the injected clock, must not end in the middle of it.
 */
export async function stayAlive<T>(work: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 2 ** 30);
  try {
    return await work;
  } finally {
    clearInterval(hold);
  }
}
