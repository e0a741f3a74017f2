import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { peerPath } from "../support/peer-path.ts";

/** An operation of conformance/peers/goplugin-{grpc,netrpc} and its arguments. */
export interface Operation {
  readonly op: string;
  readonly text?: string;
  /** Sent and answered as base64. */
  readonly bytes?: string;
  readonly numbers?: readonly number[];
  readonly lines?: readonly string[];
  readonly size?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** An error that a Go host's call met, with the name of its gRPC status. */
export class GoHostError extends Error {
  readonly status: string;

  constructor(message: string, status: string) {
    super(message);
    this.status = status;
  }
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly status?: string;
}

/** A host on some release of go-plugin, with a plugin of its own; ends both at the end of the block. */
export class GoHost implements AsyncDisposable {
  /** The host's log and its plugin's, one JSON object a line. */
  get log(): string {
    return this.#log;
  }
  #log = "";
  readonly #lookers = new Set<() => void>();
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #exited: Promise<unknown>;
  #nextId = 1;
  /** Of an answer whose end has not come yet: these may be megabytes. */
  #begun: string[] = [];

  private constructor(process: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#process = process;
    this.#exited = once(process, "close");
    process.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
      for (const look of this.#lookers) look();
    });
    // What is written to a host that has just ended is answered by its end.
    process.stdin.on("error", () => {});
    process.once("close", () => {
      const error = `the Go host ended: ${this.log}`;
      for (const id of [...this.#waiting.keys()]) this.#settle({ id, error, status: "host gone" });
    });
  }

  /** @param release of go-plugin; @param command what the host launches; @param flags of the host */
  static async launch(
    release: string,
    command: readonly string[],
    cwd: string,
    flags: readonly string[] = [],
    protocol: "grpc" | "netrpc" = "grpc",
  ) {
    const program = await peerPath(`goplugin-${protocol}-${release}`, "goplugin");
    const args = ["host", ...flags, "--", ...command];
    return new GoHost(spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"] }));
  }

  /** Does one operation. Rejects with GoHostError where the Go side met an error. */
  async ask(operation: Operation): Promise<unknown> {
    const id = this.#nextId++;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.stdin.write(`${JSON.stringify({ id, ...operation })}\n`);
    });
    if (answer.error !== undefined) throw new GoHostError(answer.error, answer.status ?? "");
    return answer.result;
  }

  /** A line of the log that holds a text, now or later. */
  lineWith(text: string): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const line = this.#log
          .split("\n")
          .slice(0, -1)
          .find((each) => each.includes(text));
        if (line === undefined) return;
        this.#lookers.delete(look);
        resolve(line);
      };
      this.#lookers.add(look);
      look();
    });
  }

  /** Ends the host, which kills its plugin, and resolves when both are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end();
    await this.#exited;
  }

  #read(text: string): void {
    const [end = "", ...more] = text.split("\n");
    this.#begun.push(end);
    for (const next of more) {
      this.#settle(JSON.parse(this.#begun.join("")) as Answer);
      this.#begun = [next];
    }
  }

  #settle(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
