import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { peerPath } from "../support/peer-path.ts";

/** What the peer is asked, as conformance/peers/hpack/main.go takes it. */
type Request =
  | { readonly Encode: readonly (readonly [string, string])[]; readonly Sensitive: boolean }
  | { readonly Decode: string }
  | { readonly EncoderTable: number }
  | { readonly DecoderTable: number };

interface Answer {
  readonly Block: string;
  readonly Fields: readonly (readonly [string, string])[] | null;
  readonly Error: string;
}

/** One end of an HPACK conversation: Go's encoder and decoder in a process of its own. */
export class GoHpack implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  static async start(): Promise<GoHpack> {
    return new GoHpack(spawn(await peerPath("hpack"), { stdio: ["pipe", "pipe", "inherit"] }));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("the peer has no output");
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The block that Go makes of a list of names and values. */
  async encode(list: readonly string[], sensitive: boolean): Promise<Uint8Array> {
    const pairs = Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]]);
    const answer = await this.#ask({ Encode: pairs as [string, string][], Sensitive: sensitive });
    return Buffer.from(answer.Block, "hex");
  }

  /** The list that Go decodes from a block. Rejects with Go's own error. */
  async decode(block: Uint8Array): Promise<string[]> {
    return ((await this.#ask({ Decode: Buffer.from(block).toString("hex") })).Fields ?? []).flat();
  }

  /** What our decoder allows Go's encoder. */
  async setEncoderTable(bytes: number): Promise<void> {
    await this.#ask({ EncoderTable: bytes });
  }

  /** What Go's decoder allows our encoder. */
  async setDecoderTable(bytes: number): Promise<void> {
    await this.#ask({ DecoderTable: bytes });
  }

  async #ask(request: Request): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the peer ended");
    const answer = JSON.parse(line.value) as Answer;
    if (answer.Error !== "") throw new Error(`Go: ${answer.Error}`);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    await closed;
  }
}
