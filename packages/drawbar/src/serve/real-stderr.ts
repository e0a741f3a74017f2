import { interceptedWrite } from "./held-stdout.ts";

type Write = typeof process.stderr.write;

let original: Write | undefined;

/** Writes to the process's stderr itself, which the host logs, also while `redirectStderr` is in effect. */
export function writeRealStderr(text: string): void {
  const stream = process.stderr;
  (original ?? stream.write).call(stream, text);
}

/** Everything that the program writes to `process.stderr` from here on goes to `take`. */
export function redirectStderr(take: (chunk: Buffer) => boolean): void {
  original ??= process.stderr.write;
  process.stderr.write = interceptedWrite(take);
}
