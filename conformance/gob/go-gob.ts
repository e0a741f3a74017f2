import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { peerPath } from "../support/peer-path.ts";
import type { Description } from "./description.ts";

/** What the peer is asked, as conformance/peers/gob/main.go takes it. */
export type GoRequest =
  | { readonly Op: "decode"; readonly Type: Description; readonly Data: string; readonly Count: number }
  | { readonly Op: "random"; readonly Type: Description; readonly Seed: number; readonly Count: number };

interface GoAnswer {
  readonly Values: unknown[] | null;
  readonly Data: string | null;
  readonly Error: string;
}

/** Go's encoding/gob in a process of its own. */
export class GoGob implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  static async start(): Promise<GoGob> {
    return new GoGob(spawn(await peerPath("gob"), { stdio: ["pipe", "pipe", "inherit"] }));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("the peer has no output");
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The values in their comparable form and Go's encoding of them. Rejects with Go's own error. */
  async ask(request: GoRequest): Promise<{ values: unknown[]; data: Uint8Array }> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the peer ended");
    const answer = JSON.parse(line.value) as GoAnswer;
    if (answer.Error !== "") throw new Error(`Go: ${answer.Error}`);
    return { values: answer.Values ?? [], data: Buffer.from(answer.Data ?? "", "base64") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    await closed;
  }
}
