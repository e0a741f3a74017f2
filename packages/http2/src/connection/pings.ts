import type { Clock } from "@drawbar/io";
import { readUint32, writeUint32 } from "../frame/bytes.ts";
import type { FrameWriter } from "./frame-writer.ts";

interface Outstanding {
  readonly sentMs: number;
  resolve(roundTripMs: number): void;
  reject(error: Error): void;
}

/** PINGs of ours that wait for their acknowledgement (RFC 9113 §6.7). */
export class Pings {
  readonly #writer: FrameWriter;
  readonly #clock: Clock;
  readonly #outstanding = new Map<number, Outstanding>();
  readonly #opaque = new Uint8Array(8);
  #sequence = 0;

  constructor(writer: FrameWriter, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  /** Sends a PING; one of the callbacks follows. */
  send(resolve: (roundTripMs: number) => void, reject: (error: Error) => void): void {
    const sequence = ++this.#sequence;
    this.#outstanding.set(sequence, { sentMs: this.#clock.now(), resolve, reject });
    writeUint32(this.#opaque, 4, sequence);
    this.#writer.ping(this.#opaque, 0, false);
  }

  /** An acknowledgement; one that we did not ask for is ignored. */
  acknowledge(bytes: Uint8Array, offset: number): void {
    const sequence = readUint32(bytes, offset + 4);
    const ping = this.#outstanding.get(sequence);
    if (ping === undefined) return;
    this.#outstanding.delete(sequence);
    ping.resolve(this.#clock.now() - ping.sentMs);
  }

  failAll(error: Error): void {
    const pings = [...this.#outstanding.values()];
    this.#outstanding.clear();
    for (const ping of pings) ping.reject(error);
  }
}
