import type { AnyMethod } from "../definition.ts";
import { Metadata } from "../metadata/metadata.ts";

/** What a context needs of its call. */
export interface ContextOwner {
  readonly method: AnyMethod;
  readonly requestHeaders: readonly string[];
  /** Of the deadline that the client set, or undefined. */
  readonly remainingMs: number | undefined;
  /** Why the call was ended before its time, if it was. */
  readonly cancellation: Error | undefined;
  sendHeaders(): void;
}

/** What a handler knows of its call besides the request. Everything in it is made when it is first asked for. */
export class HandlerContext {
  readonly #owner: ContextOwner;
  #abort: AbortController | undefined;
  #metadata: Metadata | undefined;
  #responseHeaders: Metadata | undefined;
  #responseTrailers: Metadata | undefined;
  #values: Map<unknown, unknown> | undefined;

  /** Set to "gzip" to compress the replies from here on, if the client takes it. Set before the first reply. */
  compress: "gzip" | undefined;

  constructor(owner: ContextOwner) {
    this.#owner = owner;
  }

  get method(): AnyMethod {
    return this.#owner.method;
  }

  /** Aborts when the client cancels, the deadline passes or the connection is lost. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#owner.cancellation !== undefined) this.#abort.abort(this.#owner.cancellation);
    }
    return this.#abort.signal;
  }

  /** What the client sent with the request. */
  get metadata(): Metadata {
    this.#metadata ??= Metadata.fromHeaders(this.#owner.requestHeaders);
    return this.#metadata;
  }

  /** Sent before the first reply: change it until then. */
  get responseHeaders(): Metadata {
    this.#responseHeaders ??= new Metadata();
    return this.#responseHeaders;
  }

  /** Sent with the status, also when the call fails. */
  get responseTrailers(): Metadata {
    this.#responseTrailers ??= new Metadata();
    return this.#responseTrailers;
  }

  /** When the client gives up, or undefined if it set no deadline. */
  get deadline(): Date | undefined {
    const { remainingMs } = this.#owner;
    return remainingMs === undefined ? undefined : new Date(Date.now() + remainingMs);
  }

  /** What is left until the deadline, never negative: a `timeoutMs` for the calls that a handler makes. */
  get remainingMs(): number | undefined {
    return this.#owner.remainingMs;
  }

  /** For interceptors to leave things for others and for the handler. */
  get values(): Map<unknown, unknown> {
    this.#values ??= new Map();
    return this.#values;
  }

  /** Sends the response headers now instead of with the first reply. */
  sendHeaders(): void {
    this.#owner.sendHeaders();
  }

  /** For this package. */
  static abort(context: HandlerContext, reason: Error): void {
    context.#abort?.abort(reason);
  }

  /** For this package: metadata that was set, without making any. */
  static response(context: HandlerContext): {
    headers: Metadata | undefined;
    trailers: Metadata | undefined;
  } {
    return { headers: context.#responseHeaders, trailers: context.#responseTrailers };
  }
}
