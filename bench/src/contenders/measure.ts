import { createInterface } from "node:readline";

/** What the runner asks of a contender's host; one JSON line on stdin each. */
export type MeasureRequest =
  | { readonly mode: "p50"; readonly calls: number }
  | { readonly mode: "rps"; readonly inFlight: number; readonly ms: number }
  | { readonly mode: "server_stream" | "client_stream" | "encode" | "decode"; readonly ms: number };

/** One call to the other process, over whatever the contender is made of. */
export type Call = () => Promise<unknown>;

/** One stream of 64 KiB messages from or to the other process; gives the number of bytes carried. */
export type Transfer = () => Promise<number>;

/** Encodes or decodes some values; gives their number. */
export type Batch = () => number;

/** What a contender can be asked to do. */
export interface Subject {
  readonly call?: Call;
  readonly serverStream?: Transfer;
  readonly clientStream?: Transfer;
  readonly encode?: Batch;
  readonly decode?: Batch;
}

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

/** Megabytes (10^6 bytes) a second, by streams one after the other for at least `ms`. */
async function megabytesPerSecond(transfer: Transfer, ms: number): Promise<number> {
  const begin = performance.now();
  let bytes = 0;
  do bytes += await transfer();
  while (performance.now() - begin < ms);
  return bytes / 1000 / (performance.now() - begin);
}

/** Values a second, by batches one after the other for at least `ms`. */
function valuesPerSecond(batch: Batch, ms: number): number {
  const begin = performance.now();
  let values = 0;
  do values += batch();
  while (performance.now() - begin < ms);
  return (values * 1000) / (performance.now() - begin);
}

function measure(subject: Subject, request: MeasureRequest): Promise<number> | number {
  switch (request.mode) {
    case "p50":
      return medianMicros(able(subject.call), request.calls);
    case "rps":
      return callsPerSecond(able(subject.call), request.inFlight, request.ms);
    case "server_stream":
      return megabytesPerSecond(able(subject.serverStream), request.ms);
    case "client_stream":
      return megabytesPerSecond(able(subject.clientStream), request.ms);
    case "encode":
      return valuesPerSecond(able(subject.encode), request.ms);
    case "decode":
      return valuesPerSecond(able(subject.decode), request.ms);
  }
}

function able<T>(ability: T | undefined): T {
  if (ability === undefined) throw new Error("bench: this contender cannot do what is asked");
  return ability;
}

/** Answers the runner's requests until stdin ends. */
export async function answerRequests(subject: Subject): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const value = await measure(subject, JSON.parse(line) as MeasureRequest);
    process.stdout.write(`${JSON.stringify({ value })}\n`);
  }
}
