import type { MessageLimit } from "../codec/message-limit.ts";
import { prefixBytes } from "../codec/message-prefix.ts";
import { MessageReader } from "../codec/message-reader.ts";

/** Where an inbound stream's credit and abandonment go. */
export interface InboundOwner<T> {
  /** Decodes the message from `start` to `end`; throws StatusError. */
  decodeMessage(bytes: Uint8Array, start: number, end: number, compressed: boolean, owned: boolean): T;
  /** The user has taken messages of `byteCount` bytes: the peer may send as many more. */
  giveCredit(byteCount: number): void;
  /** The user stopped reading before the end. */
  onAbandoned(): void;
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

type End =
  | { readonly kind: "open" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Messages from the peer as an async iterator. The peer gets credit for a message only once the user has
 * taken it, so what waits here is bounded by the stream's window and one message.
 *
 * A message longer than the window can only arrive if its beginning is credited before it is whole. That is
 * done while nothing else waits, so that it happens for one message at a time.
 */
export class InboundStream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #owner: InboundOwner<T>;
  readonly #reader: MessageReader;
  #values: (T | undefined)[] = [];
  #credits: number[] = [];
  #head = 0;
  #waiters: Waiter<T>[] = [];
  #end: End = { kind: "open" };
  #unfinishedBytes = 0;
  #creditedBytes = 0;

  constructor(owner: InboundOwner<T>, limit: MessageLimit) {
    this.#owner = owner;
    this.#reader = new MessageReader(limit);
  }

  /** True when the bytes so far end within a message. */
  get unfinished(): boolean {
    return this.#end.kind === "open" && this.#reader.unfinished;
  }

  /** Takes bytes of the stream. Throws StatusError for a message that is too long or malformed. */
  receive(chunk: Uint8Array): void {
    if (this.#end.kind !== "open") {
      this.#owner.giveCredit(chunk.length);
      return;
    }
    this.#unfinishedBytes += chunk.length;
    this.#reader.read(chunk, this.#onMessage);
    this.#creditUnfinished();
  }

  /** The peer sent its last message. */
  finish(): void {
    if (this.#end.kind !== "open") return;
    this.#end = { kind: "done" };
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
  }

  /** The stream failed; what has arrived is still handed out first unless `discard` is set. */
  fail(error: unknown, discard: boolean): void {
    if (this.#end.kind !== "open") return;
    this.#end = { kind: "failed", error };
    if (discard) this.#clear();
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#takeFailure() ?? error);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#head < this.#values.length) return Promise.resolve({ done: false, value: this.#take() });
    const error = this.#takeFailure();
    if (error !== undefined) return Promise.reject(error);
    if (this.#end.kind !== "open") return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    const wasOpen = this.#end.kind === "open";
    const held = this.#heldBytes();
    this.#clear();
    this.finish();
    this.#end = { kind: "done" };
    if (wasOpen) {
      this.#owner.onAbandoned();
      if (held > 0) this.#owner.giveCredit(held);
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #onMessage = (
    bytes: Uint8Array,
    start: number,
    end: number,
    compressed: boolean,
    owned: boolean,
  ): void => {
    const value = this.#owner.decodeMessage(bytes, start, end, compressed, owned);
    const wireBytes = prefixBytes + end - start;
    const credit = wireBytes - this.#creditedBytes;
    this.#unfinishedBytes -= wireBytes;
    this.#creditedBytes = 0;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#values.push(value);
      this.#credits.push(credit);
      return;
    }
    if (credit > 0) this.#owner.giveCredit(credit);
    waiter.resolve({ done: false, value });
  };

  #take(): T {
    const value = this.#values[this.#head] as T;
    const credit = this.#credits[this.#head] ?? 0;
    this.#values[this.#head++] = undefined;
    if (this.#head === this.#values.length) this.#clear();
    // As many were taken as are copied, however many small messages a window holds.
    else if (this.#head >= 1024 && this.#head * 2 >= this.#values.length) this.#compact();
    if (credit > 0) this.#owner.giveCredit(credit);
    this.#creditUnfinished();
    return value;
  }

  // The error is told once; after it the iterator is done, as a generator's would be.
  #takeFailure(): unknown {
    if (this.#end.kind !== "failed") return undefined;
    const error = this.#end.error;
    this.#end = { kind: "done" };
    return error;
  }

  #creditUnfinished(): void {
    if (this.#values.length > 0 || this.#end.kind !== "open") return;
    const due = this.#unfinishedBytes - this.#creditedBytes;
    if (due === 0) return;
    this.#creditedBytes += due;
    this.#owner.giveCredit(due);
  }

  // What has arrived and not been credited.
  #heldBytes(): number {
    let held = this.#unfinishedBytes - this.#creditedBytes;
    for (let i = this.#head; i < this.#credits.length; i++) held += this.#credits[i] ?? 0;
    return held;
  }

  #compact(): void {
    this.#values = this.#values.slice(this.#head);
    this.#credits = this.#credits.slice(this.#head);
    this.#head = 0;
  }

  #clear(): void {
    this.#values = [];
    this.#credits = [];
    this.#head = 0;
  }
}
