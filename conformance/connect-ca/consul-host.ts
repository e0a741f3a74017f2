import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Protocol } from "drawbar";
import { peerPath } from "../support/peer-path.ts";

/** One call that Consul's host makes of its plugin; a missing field is its type's zero. */
export interface ConsulCall {
  readonly method: string;
  readonly cluster_id?: string;
  readonly is_root?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly intermediate_pem?: string;
  readonly root_pem?: string;
  readonly pem?: string;
  readonly repeat?: number;
}

/** Consul 1.6.10's own host code, with a plugin of any make below it. Disposing it ends both. */
export class ConsulHost implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param cmd the plugin's program and arguments */
  static async launch(
    protocol: Protocol,
    cmd: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ConsulHost> {
    const program = await peerPath("consul-1.6.10", "consul-ca");
    const child = spawn(program, ["host", protocol, ...cmd], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    const host = new ConsulHost(child);
    await host.#answer();
    return host;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("Consul's host has no output");
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** What the method returns; "" for those that return an error alone. Rejects with that error's text. */
  async call(call: ConsulCall): Promise<string> {
    this.#child.stdin?.write(`${JSON.stringify(call)}\n`);
    return await this.#answer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    await closed;
  }

  async #answer(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("Consul's host ended");
    const { result, error = "" } = JSON.parse(line.value) as { result: string; error?: string };
    if (error !== "") throw new Error(error);
    return result;
  }
}
