import type { ByteReceiver, ByteStream } from "@drawbar/io";

/** A receiver that notes what it is told, and lets a test wait for a condition on that. */
export class Recorder implements ByteReceiver {
  readonly events: string[] = [];
  readonly stream: ByteStream;
  received = "";
  closeError: Error | undefined;
  #waiting: (() => void)[] = [];

  constructor(stream: ByteStream) {
    this.stream = stream;
    stream.start(this);
  }

  onData(chunk: Uint8Array): void {
    this.received += Buffer.from(chunk).toString("latin1");
    this.#wake();
  }

  onEnd(): void {
    this.#note("end");
  }

  onDrain(): void {
    this.#note("drain");
  }

  onClose(error: Error | undefined): void {
    this.closeError = error;
    this.#note("close");
  }

  /** Resolves once `condition` holds; it is looked at after every event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  closed(): Promise<void> {
    return this.until(() => this.events.includes("close"));
  }

  #note(event: string): void {
    this.events.push(event);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Lets everything that is due now happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
