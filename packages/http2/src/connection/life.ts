import { type ByteStream, OutputBuffer, type Timer, toError } from "@drawbar/io";
import { type ErrorCode, Http2Error } from "../errors.ts";
import type { Goaway } from "../frame/goaway.ts";
import { HpackEncoder } from "../hpack/encoder.ts";
import type { ResolvedOptions } from "../options.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Pings } from "./pings.ts";
import { SendScheduler } from "./send-scheduler.ts";
import { StreamTable } from "./stream-table.ts";

/** A connection's life. `closing`: our last bytes are on their way, what comes in is ignored. */
export type Phase = "open" | "draining" | "closing" | "closed";

/** How a connection goes on and ends, whatever its role: every stream learns of the end exactly once. */
export abstract class Life {
  readonly writer: FrameWriter;
  readonly scheduler: SendScheduler;
  readonly closed: Promise<Error | undefined>;
  protected readonly options: ResolvedOptions;
  protected readonly streams: StreamTable = new StreamTable();
  protected readonly pings: Pings;
  protected readonly out: OutputBuffer;
  protected readonly encoder: HpackEncoder;
  protected phase: Phase = "open";
  readonly #stream: ByteStream;
  #resolveClosed: (error: Error | undefined) => void = () => {};
  #error: Error | undefined;
  #closeTimer: Timer | undefined;

  protected constructor(stream: ByteStream, options: ResolvedOptions) {
    this.#stream = stream;
    this.options = options;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.out = new OutputBuffer(stream);
    this.encoder = new HpackEncoder(options.headerTableBytes);
    this.writer = new FrameWriter(this.out, this.encoder);
    this.scheduler = new SendScheduler(this.writer);
    this.pings = new Pings(this.writer, options.clock);
  }

  /** Whether a draining connection without streams is done. */
  protected abstract mayEnd(): boolean;
  /** The GOAWAY that ends a draining connection, unless the peer has had it. */
  protected abstract farewell(): Goaway | undefined;
  /** Highest stream of the peer that we acted on, for GOAWAY. */
  protected abstract lastPeerStreamId(): number;
  /** Nothing is read and no timer runs from here on. */
  protected abstract stopReading(): void;
  /** The connection is over: settles what is not in the table. */
  protected abstract abandon(error: Http2Error): void;

  onEnd(): void {
    if (this.phase === "closing" || this.phase === "closed") return;
    // HTTP/2 has no use for half a connection. Without streams it is an end in order.
    const error = lost(undefined);
    this.#end(undefined, this.streams.size === 0 ? undefined : error, error);
  }

  onClose(error: Error | undefined): void {
    if (this.phase === "closed") return;
    const streamError = lost(error);
    this.#shutDown(error ?? (this.streams.size === 0 ? undefined : streamError), streamError);
    this.phase = "closed";
    this.#closeTimer?.cancel();
    this.#resolveClosed(this.#error);
    this.options.onClosed(this.#error);
  }

  get state(): "open" | "draining" | "closed" {
    return this.phase === "closing" ? "closed" : this.phase;
  }

  ping(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.state === "closed") reject(closedError());
      else this.pings.send(resolve, reject);
    });
  }

  /** Ends the connection for a violation or a limit, with GOAWAY. */
  fail(errorCode: ErrorCode, message: string): void {
    if (this.state === "closed") return;
    const error = new Http2Error("http2-connection-error", errorCode, `the connection failed: ${message}`);
    this.#end({ lastStreamId: this.lastPeerStreamId(), errorCode, debugText: message }, error, error);
  }

  /** Ends a draining connection once nothing is left to do. */
  endIfDone(): void {
    if (this.phase !== "draining" || this.streams.size > 0 || !this.mayEnd()) return;
    this.#end(this.farewell(), undefined, closedError());
  }

  destroy(error: Error | undefined): void {
    if (this.phase === "closed") return;
    const cause = error === undefined ? undefined : toError(error);
    this.#shutDown(
      cause,
      new Http2Error("http2-connection-lost", "CANCEL", "the connection was destroyed", { cause }),
    );
    this.#stream.destroy(cause);
  }

  #end(goaway: Goaway | undefined, outcome: Error | undefined, streamError: Http2Error): void {
    if (goaway !== undefined) this.writer.goaway(goaway);
    this.writer.flush();
    this.#shutDown(outcome, streamError);
    this.#stream.end();
    // Not destroyed at once: what the peer has sent meanwhile would turn our last frames into a reset.
    this.#closeTimer = this.options.clock.setTimer(this.options.limits.closeTimeoutMs, () => {
      this.#stream.destroy(outcome);
    });
  }

  // Stops everything that is ours; the byte stream is left to the caller.
  #shutDown(outcome: Error | undefined, streamError: Http2Error): void {
    if (this.phase === "closing" || this.phase === "closed") return;
    this.phase = "closing";
    this.#error = outcome;
    this.stopReading();
    this.scheduler.clearAll();
    this.pings.failAll(streamError);
    const streams = this.streams.all();
    this.streams.clear();
    for (const stream of streams) {
      if (stream.state === "closed") continue;
      stream.close();
      stream.receiver.onReset(streamError);
    }
    this.abandon(streamError);
  }
}

function lost(cause: Error | undefined): Http2Error {
  const why = cause === undefined ? "the peer closed it" : cause.message;
  return new Http2Error("http2-connection-lost", "INTERNAL_ERROR", `the connection was lost: ${why}`, {
    cause,
  });
}

function closedError(): Http2Error {
  return new Http2Error("http2-goaway", "NO_ERROR", "the connection is closed", { unprocessed: true });
}
