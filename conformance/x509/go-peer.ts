import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { peerPath } from "../support/peer-path.ts";

/** What Go says of a certificate or request; see conformance/peers/x509/main.go. */
export interface GoAnswer {
  readonly error?: string;
  readonly der?: string;
  readonly version?: number;
  readonly serial?: string;
  readonly commonName: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly isCa: boolean;
  readonly maxPathLen: number;
  readonly keyUsage: number;
  readonly uris: readonly string[] | null;
  readonly dnsNames: readonly string[] | null;
  readonly ips: readonly string[] | null;
  readonly emails: readonly string[] | null;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly unhandled: readonly string[] | null;
  readonly signature: string;
  readonly spki: string | null;
  readonly chainLength?: number;
}

/** A running peer: requests are answered in order, and may be sent ahead. */
export class GoPeer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: ((answer: GoAnswer) => void)[] = [];

  private constructor(process: ChildProcessByStdio<Writable, Readable, null>) {
    this.#process = process;
    createInterface({ input: process.stdout }).on("line", (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as GoAnswer);
    });
  }

  static async start(): Promise<GoPeer> {
    return new GoPeer(spawn(await peerPath("x509"), { stdio: ["pipe", "pipe", "inherit"] }));
  }

  ask(request: Readonly<Record<string, unknown>>): Promise<GoAnswer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Asks to parse each, as `op` says. */
  parse(op: "parse" | "parse-request", inputs: readonly Uint8Array[]): Promise<readonly GoAnswer[]> {
    return Promise.all(inputs.map((der) => this.ask({ op, der: base64(der) })));
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

/** Bytes as Go's JSON has them. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** Bytes out of Go's JSON. */
export function fromBase64(text: string | null | undefined): Uint8Array {
  return Uint8Array.from(Buffer.from(text ?? "", "base64"));
}
