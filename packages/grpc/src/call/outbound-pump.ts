import { atNextTurn } from "@drawbar/io";

/** A stream of messages to send. */
export type MessageSource<T> = AsyncIterable<T> | Iterable<T>;

/** Where a pump's messages go. */
export interface OutboundSink<T> {
  /** Sends one message; false asks to wait for `OutboundPump.resume`. May throw: the pump then fails. */
  sendMessage(value: T): boolean;
  /** The source ended. */
  onSourceEnd(): void;
  /** The source, or sending from it, failed. */
  onSourceError(error: unknown): void;
}

// A source that never waits gives way to everything else after so many messages.
const longestRun = 256;

type Step<T> = IteratorResult<T, unknown>;

/** Sends what a source yields, never asking it for more than the peer makes room for. */
export class OutboundPump<T> {
  readonly #sink: OutboundSink<T>;
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  #phase: "running" | "over" = "running";
  #wake: (() => void) | undefined;

  constructor(source: MessageSource<T>, sink: OutboundSink<T>) {
    this.#sink = sink;
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** Begins; failures of the source reach the sink. */
  start(): void {
    void this.#run();
  }

  /** There is room again after a `sendMessage` that returned false. */
  resume(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Stops without a word to the sink, and lets the source clean up. */
  stop(): void {
    if (this.#phase === "over") return;
    this.#phase = "over";
    this.resume();
    this.#returnSource();
  }

  async #run(): Promise<void> {
    for (let sent = 1; this.#phase === "running"; sent++) {
      const step = await this.#nextStep();
      if (step === undefined || this.#phase !== "running") return;
      if (step.done === true) {
        this.#phase = "over";
        this.#sink.onSourceEnd();
        return;
      }
      if (!this.#send(step.value)) await new Promise<void>((resolve) => this.#waitWith(resolve));
      else if (sent % longestRun === 0) await new Promise<void>(atNextTurn);
    }
  }

  #waitWith(wake: () => void): void {
    if (this.#phase === "running") this.#wake = wake;
    else wake();
  }

  async #nextStep(): Promise<Step<T> | undefined> {
    try {
      return await this.#iterator.next();
    } catch (error) {
      if (this.#phase === "running") {
        this.#phase = "over";
        this.#sink.onSourceError(error);
      }
      return undefined;
    }
  }

  #send(value: T): boolean {
    try {
      return this.#sink.sendMessage(value);
    } catch (error) {
      if (this.#phase === "running") {
        this.stop();
        this.#sink.onSourceError(error);
      }
      return true;
    }
  }

  #returnSource(): void {
    // What a source throws while it cleans up has nobody to go to: the call is over.
    try {
      const returned: unknown = this.#iterator.return?.();
      if (returned instanceof Promise) returned.catch(() => {});
    } catch {}
  }
}
