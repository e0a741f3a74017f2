import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { MeasureRequest } from "./contenders/measure.ts";

/** A host and its plugin, both running, that answer measuring requests. */
export class Contender {
  readonly name: string;
  readonly #host: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: readonly string[]) {
    this.name = name;
    const [file = "", ...args] = command;
    this.#host = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#host.stdout })[Symbol.asyncIterator]();
  }

  /** In the unit of the request's mode. */
  async measure(request: MeasureRequest): Promise<number> {
    this.#host.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`bench: the host of ${this.name} ended before it answered`);
    return (JSON.parse(line.value) as { readonly value: number }).value;
  }

  /** Ends host and plugin. */
  async stop(): Promise<void> {
    if (this.#host.exitCode !== null || this.#host.signalCode !== null) return;
    const gone = once(this.#host, "exit");
    this.#host.stdin.end();
    await gone;
  }
}
