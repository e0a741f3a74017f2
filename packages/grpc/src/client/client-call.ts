import type { ClientConnection, HeaderList, Http2Error, Http2Stream, StreamReceiver } from "@drawbar/http2";
import { onAbort } from "@drawbar/io";
import type { Deadline, DeadlineTarget } from "../call/deadline-timers.ts";
import { decodeMessage } from "../call/message-codec.ts";
import { headerValue } from "../codec/header-list.ts";
import type { AnyMethod } from "../definition.ts";
import { Metadata } from "../metadata/metadata.ts";
import { statusFromReset } from "../status/reset-status.ts";
import { isStatusError, StatusError } from "../status/status-error.ts";
import { errorFromTrailers } from "../status/status-headers.ts";
import type { CallOptions } from "./call-options.ts";
import type { ChannelCore } from "./channel.ts";
import type { RequestHeaders } from "./request-headers.ts";
import { type ResponseHead, readResponseHead } from "./response-head.ts";
import type { PendingCall } from "./transport.ts";

/** A method as a client calls it. */
export interface BoundMethod {
  readonly definition: AnyMethod;
  readonly headers: RequestHeaders;
  readonly channel: ChannelCore;
}

/**
 * connecting → asked (request under way) → answering (response headers are in) → over.
 * A call that the peer surely did not see goes back from asked to connecting, once.
 */
type Phase = "connecting" | "asked" | "answering" | "over";

/** What all kinds of client calls have in common: how they begin, are cut short, and end. */
export abstract class ClientCall implements StreamReceiver, PendingCall, DeadlineTarget {
  protected readonly bound: BoundMethod;
  protected readonly options: CallOptions;
  protected stream: Http2Stream | undefined;
  #phase: Phase = "connecting";
  #retried = false;
  #encoding: "identity" | "gzip" = "identity";
  #deadline: Deadline | undefined;
  // When it is due, on the channel's clock; timers come up to some milliseconds later.
  #dueMs = Number.POSITIVE_INFINITY;
  #removeAbort: (() => void) | undefined;

  constructor(bound: BoundMethod, options: CallOptions) {
    this.bound = bound;
    this.options = options;
  }

  /** Sends what of the request is there, on a stream just opened. */
  protected abstract sendRequest(stream: Http2Stream): void;
  /** Takes response bytes; throws StatusError. */
  protected abstract receive(chunk: Uint8Array): void;
  /** Why an answer with status OK is not one, or undefined. */
  protected abstract incompleteness(): StatusError | undefined;
  /** The call is over. `local`: by this side's will, so that what has arrived no longer counts. */
  protected abstract conclude(error: StatusError | undefined, local: boolean): void;
  /** Room to send again. */
  abstract onDrain(): void;

  protected get isOver(): boolean {
    return this.#phase === "over";
  }

  /** True once the peer has begun to answer, and the call can no longer be tried again. */
  protected get isAnswering(): boolean {
    return this.#phase === "answering";
  }

  /** To be called once, when the subclass is ready. */
  protected begin(): void {
    const { channel } = this.bound;
    const { signal, timeoutMs } = this.options;
    channel.activeCalls++;
    if (timeoutMs !== undefined) {
      this.#dueMs = channel.clock.now() + timeoutMs;
      this.#deadline = channel.deadlines.add(this, timeoutMs);
    }
    if (signal !== undefined) {
      const remove = onAbort(signal, (reason) => this.#onAbort(reason));
      if (this.#phase === "over") return;
      this.#removeAbort = remove;
    }
    channel.transport.begin(this);
  }

  start(connection: ClientConnection): void {
    if (this.#phase === "over") return;
    this.#phase = "asked";
    try {
      const { headers } = this.bound;
      this.stream = connection.request(headers.for(this.options), this, false);
      this.sendRequest(this.stream);
    } catch (error) {
      this.cut(localError(error));
    }
  }

  /** Ends the call by this side's will; the peer is told. */
  cut(error: StatusError): void {
    if (this.#phase === "over") return;
    this.stream?.reset("CANCEL");
    this.#end(error, true);
  }

  fail(error: StatusError): void {
    if (this.#phase !== "over") this.#end(error, false);
  }

  onDeadline(): void {
    this.cut(this.#tooLate());
  }

  onHeaders(headers: HeaderList, endStream: boolean): void {
    if (this.#phase === "over") return;
    this.#phase = "answering";
    const head = this.#headOf(headers);
    if (endStream && (head.kind === "answer" || headerValue(headers, "grpc-status") !== undefined)) {
      this.#finish(headers);
    } else if (head.kind === "refused") {
      if (!endStream) this.stream?.reset("CANCEL");
      this.#end(head.error, false);
    } else {
      this.#encoding = head.encoding;
      if (this.options.onHeaders !== undefined) this.#tell(this.options.onHeaders, headers);
    }
  }

  onData(chunk: Uint8Array, endStream: boolean): void {
    if (this.#phase === "over") return;
    try {
      this.receive(chunk);
    } catch (error) {
      this.cut(localError(error));
      return;
    }
    if (endStream) this.fail(new StatusError("INTERNAL", "the answer ended without trailers"));
  }

  onTrailers(trailers: HeaderList): void {
    if (this.#phase !== "over") this.#finish(trailers);
  }

  onReset(error: Http2Error): void {
    if (this.#phase === "over") return;
    if (error.unprocessed && this.#phase === "asked" && !this.#retried) {
      this.#retried = true;
      this.#phase = "connecting";
      this.stream = undefined;
      this.bound.channel.transport.begin(this);
      return;
    }
    const destroyed = this.bound.channel.transport.destroyError;
    if (destroyed === undefined) this.#end(statusFromReset(error), false);
    else this.#end(new StatusError("UNAVAILABLE", destroyed.message, { cause: destroyed }), false);
  }

  /** From now on the call fails where it might have been tried again. */
  protected forbidRetry(): void {
    this.#retried = true;
  }

  protected decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    compressed: boolean,
    owned: boolean,
  ): unknown {
    const { definition, channel } = this.bound;
    const encoding = compressed ? this.#encoding : "plain";
    return decodeMessage(definition.response, bytes, start, end, encoding, owned, channel.receiveLimit);
  }

  #onAbort(reason: unknown): void {
    const text = reason instanceof Error ? reason.message : "the call's signal aborted";
    this.cut(new StatusError("CANCELLED", text, { cause: reason }));
  }

  #headOf(headers: HeaderList): ResponseHead {
    const { heads } = this.bound.channel;
    const known = heads.get(headers);
    if (known !== undefined) return known;
    const head = readResponseHead(headers);
    if (head.kind === "answer") heads.set(headers, head);
    return head;
  }

  #finish(trailers: HeaderList): void {
    if (this.options.onTrailers !== undefined) this.#tell(this.options.onTrailers, trailers);
    if (this.#phase === "over") return;
    const { goodEndings } = this.bound.channel;
    let error: StatusError | undefined;
    if (goodEndings.get(trailers) === undefined) {
      error = errorFromTrailers(trailers);
      if (error === undefined) goodEndings.set(trailers, true);
    }
    this.#end(this.#unlessLate(error) ?? this.incompleteness(), false);
  }

  /**
   * A peer that gave up at the deadline began to count after us, yet its answer may come before our timer. Some then
   * say UNKNOWN, as older releases of grpc-go do for a handler that returns its context's error.
   */
  #unlessLate(error: StatusError | undefined): StatusError | undefined {
    if (error === undefined || this.bound.channel.clock.now() < this.#dueMs) return error;
    return this.#tooLate(error);
  }

  #tooLate(cause?: StatusError): StatusError {
    const text = `the call took longer than its timeoutMs of ${this.options.timeoutMs}`;
    return new StatusError("DEADLINE_EXCEEDED", text, { cause });
  }

  #tell(callback: (metadata: Metadata) => void, headers: HeaderList): void {
    try {
      callback.call(this.options, Metadata.fromHeaders(headers));
    } catch (error) {
      this.cut(localError(error));
    }
  }

  #end(error: StatusError | undefined, local: boolean): void {
    this.#phase = "over";
    const { channel } = this.bound;
    channel.activeCalls--;
    if (this.#deadline !== undefined) channel.deadlines.remove(this.#deadline, this);
    this.#removeAbort?.();
    this.conclude(error, local);
  }
}

// What goes wrong on this side while the call is made: the request's headers, its message, a callback.
function localError(error: unknown): StatusError {
  if (isStatusError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new StatusError("INTERNAL", text, { cause: error });
}
