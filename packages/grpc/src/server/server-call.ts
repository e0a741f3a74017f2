import {
  type HeaderList,
  type Http2Error,
  type Http2Stream,
  type PreparedHeaders,
  prepareHeaders,
  type StreamReceiver,
} from "@drawbar/http2";
import type { Clock } from "@drawbar/io";
import type { Deadline, DeadlineTarget, DeadlineTimers } from "../call/deadline-timers.ts";
import { decodeMessage, encodeFrame } from "../call/message-codec.ts";
import type { MessageLimit } from "../codec/message-limit.ts";
import type { AnyMethod } from "../definition.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { StatusError, toStatusError } from "../status/status-error.ts";
import { statusHeaders } from "../status/status-headers.ts";
import { type ContextOwner, HandlerContext } from "./handler-context.ts";
import type { AcceptedRequest } from "./request-head.ts";

/** What calls need of their server. */
export interface ServerCore {
  readonly deadlines: DeadlineTimers;
  readonly clock: Clock;
  readonly receiveLimit: MessageLimit;
  readonly sendLimit: MessageLimit;
  /** Counts calls in progress. */
  activeCalls: number;
}

/** fresh (nothing answered) → responding (response headers are out) → over. */
type Phase = "fresh" | "responding" | "over";

const responseHead = [":status", "200", "content-type", "application/grpc"];
const plainHeaders: PreparedHeaders = prepareHeaders(responseHead);
const okTrailers: PreparedHeaders = prepareHeaders(["grpc-status", "0"]);

/** What all kinds of calls have in common on the server: how they answer, and how they are cut short. */
export abstract class ServerCall implements StreamReceiver, DeadlineTarget, ContextOwner {
  readonly requestHeaders: HeaderList;
  protected readonly core: ServerCore;
  protected readonly head: AcceptedRequest;
  protected readonly context: HandlerContext;
  protected readonly stream: Http2Stream;
  #phase: Phase = "fresh";
  #requestEnded = false;
  // The latest reply, while it waits for room.
  #queued: Uint8Array | undefined;
  #cancellation: StatusError | undefined;
  #deadline: Deadline | undefined;
  readonly #beganMs: number;

  constructor(core: ServerCore, stream: Http2Stream, headers: HeaderList, head: AcceptedRequest) {
    this.core = core;
    this.stream = stream;
    this.requestHeaders = headers;
    this.head = head;
    this.#beganMs = head.timeoutMs === undefined ? 0 : core.clock.now();
    this.context = new HandlerContext(this);
    core.activeCalls++;
  }

  /** Takes request bytes; throws StatusError. */
  protected abstract receive(chunk: Uint8Array): void;
  /** The client has sent everything. */
  protected abstract onRequestEnd(): void;
  /** The call is over; `cancellation` is set when it was cut short. */
  protected abstract conclude(cancellation: StatusError | undefined): void;
  /** Room to send again. */
  protected abstract onRoom(): void;

  get method(): AnyMethod {
    return this.head.route.method;
  }

  get cancellation(): Error | undefined {
    return this.#cancellation;
  }

  get remainingMs(): number | undefined {
    const { timeoutMs } = this.head;
    if (timeoutMs === undefined) return undefined;
    return Math.max(0, this.#beganMs + timeoutMs - this.core.clock.now());
  }

  protected get isOver(): boolean {
    return this.#phase === "over";
  }

  protected get requestEnded(): boolean {
    return this.#requestEnded;
  }

  onHeaders(): void {}

  onData(chunk: Uint8Array, endStream: boolean): void {
    if (this.#phase === "over") {
      this.stream.consume(chunk.length);
      return;
    }
    try {
      this.receive(chunk);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (endStream) this.endRequest();
  }

  onTrailers(): void {
    this.endRequest();
  }

  /** The client's side is complete. */
  endRequest(): void {
    this.#requestEnded = true;
    if (this.#phase === "over") return;
    try {
      this.onRequestEnd();
    } catch (error) {
      this.fail(error);
    }
  }

  onDrain(): void {
    if (this.#queued !== undefined) this.method.response.release?.(this.#queued);
    this.#queued = undefined;
    this.onRoom();
  }

  onReset(error: Http2Error): void {
    if (this.#phase === "over") return;
    const text = error.code === "http2-stream-reset" ? "the client cancelled the call" : error.message;
    this.#cut(new StatusError("CANCELLED", text, { cause: error }));
  }

  onDeadline(): void {
    if (this.#phase === "over") return;
    const error = new StatusError("DEADLINE_EXCEEDED", "the call's deadline has passed");
    this.#sendStatus(error);
    this.#cut(error);
  }

  /** Watches the deadline from here on, if the client has set one. */
  protected watchDeadline(): void {
    const { remainingMs } = this;
    if (remainingMs !== undefined && this.#deadline === undefined && this.#phase !== "over") {
      this.#deadline = this.core.deadlines.add(this, remainingMs);
    }
  }

  sendHeaders(): void {
    if (this.#phase !== "fresh") return;
    this.#phase = "responding";
    const { headers } = HandlerContext.response(this.context);
    const compress = this.#compress;
    if (headers === undefined && compress === undefined) {
      this.stream.sendHeaders(plainHeaders, false);
      return;
    }
    const list = [...responseHead, ...(headers?.toHeaders() ?? [])];
    if (compress !== undefined) list.push("grpc-encoding", compress);
    this.stream.sendHeaders(list, false);
  }

  /** Sends a reply; false asks to wait for `onRoom`. Throws StatusError. */
  protected sendReply(value: unknown): boolean {
    const frame = encodeFrame(this.method.response, value, this.core.sendLimit, this.#compress);
    this.sendHeaders();
    const more = this.stream.sendData(frame, false);
    if (more) this.method.response.release?.(frame);
    else this.#queued = frame;
    return more;
  }

  /** Sends the only reply, now or when its promise resolves, and ends the call with OK. */
  protected reply(value: unknown): void {
    if (isPromiseLike(value)) {
      this.watchDeadline();
      value.then(
        (settled) => this.#replyWith(settled),
        (error: unknown) => this.fail(error),
      );
    } else {
      this.#replyWith(value);
    }
  }

  /** Ends the call with OK. */
  protected succeed(): void {
    if (this.#phase === "over") return;
    this.sendHeaders();
    const { trailers } = HandlerContext.response(this.context);
    const list = trailers === undefined ? okTrailers : ["grpc-status", "0", ...trailers.toHeaders()];
    this.stream.sendTrailers(list);
    this.#end(undefined);
  }

  /** Ends the call with the status that `error` stands for. */
  protected fail(error: unknown): void {
    if (this.#phase === "over") return;
    this.#sendStatus(toStatusError(error));
    this.#end(undefined);
  }

  protected decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    compressed: boolean,
    owned: boolean,
  ): unknown {
    const { route, encoding } = this.head;
    const { receiveLimit } = this.core;
    return decodeMessage(
      route.method.request,
      bytes,
      start,
      end,
      compressed ? encoding : "plain",
      owned,
      receiveLimit,
    );
  }

  get #compress(): "gzip" | undefined {
    return this.head.takesGzip ? this.context.compress : undefined;
  }

  #replyWith(value: unknown): void {
    if (this.#phase === "over") return;
    try {
      this.sendReply(value);
      this.succeed();
    } catch (error) {
      this.fail(error);
    }
  }

  #sendStatus(error: StatusError): void {
    const { headers, trailers } = HandlerContext.response(this.context);
    const status = [...statusHeaders(error), ...metadataOf(trailers), ...error.metadata.toHeaders()];
    if (this.#phase === "responding") this.stream.sendTrailers(status);
    else this.stream.sendHeaders([...responseHead, ...metadataOf(headers), ...status], true);
  }

  #cut(reason: StatusError): void {
    this.#cancellation = reason;
    this.#end(reason);
    HandlerContext.abort(this.context, reason);
  }

  #end(cancellation: StatusError | undefined): void {
    this.#phase = "over";
    this.core.activeCalls--;
    if (this.#deadline !== undefined) this.core.deadlines.remove(this.#deadline, this);
    // Everything is said, and the client need not go on (RFC 9113 §8.1); what is still queued must get out.
    if (!this.#requestEnded && this.#queued === undefined) this.stream.reset("NO_ERROR");
    this.conclude(cancellation);
  }
}

function metadataOf(metadata: Metadata | undefined): readonly string[] {
  return metadata?.toHeaders() ?? [];
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
