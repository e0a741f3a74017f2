import { createInterface } from "node:readline";

/** What the runner asks of a contender's host; one JSON line on stdin each. */
export type MeasureRequest =
  | { readonly mode: "p50"; readonly calls: number }
  | { readonly mode: "rps"; readonly inFlight: number; readonly ms: number };

/** One call to the other process, over whatever the contender is made of. */
export type Call = () => Promise<unknown>;

/** Median time of one call with nothing else in flight, in microseconds. */
async function medianMicros(call: Call, calls: number): Promise<number> {
  const took = new Float64Array(calls);
  for (let index = 0; index < calls; index++) {
    const begin = performance.now();
    await call();
    took[index] = performance.now() - begin;
  }
  took.sort();
  return (took[calls >> 1] ?? Number.NaN) * 1000;
}

/** Calls a second with `inFlight` callers that each wait for their answer. */
async function callsPerSecond(call: Call, inFlight: number, ms: number): Promise<number> {
  const begin = performance.now();
  const end = begin + ms;
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await call();
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return (done * 1000) / (performance.now() - begin);
}

/** Answers the runner's requests until stdin ends. */
export async function answerRequests(call: Call): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as MeasureRequest;
    const value =
      request.mode === "p50"
        ? await medianMicros(call, request.calls)
        : await callsPerSecond(call, request.inFlight, request.ms);
    process.stdout.write(`${JSON.stringify({ value })}\n`);
  }
}
