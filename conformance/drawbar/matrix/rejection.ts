/** What a promise rejects with, which must be of a class; throws where it does not reject. */
export async function rejection<E extends Error>(
  work: Promise<unknown>,
  expected: abstract new (...args: never[]) => E,
): Promise<E> {
  const outcome = await work.then(
    (result) => new Error(`it succeeded with ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof expected) return outcome;
  throw outcome;
}

/** Asks again until the answer is yes, for what another process will come to by itself; throws after a time. */
export async function until(ask: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error("it did not come about");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
