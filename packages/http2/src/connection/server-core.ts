import type { ByteStream, Timer } from "@drawbar/io";
import type { Goaway } from "../frame/goaway.ts";
import type { HeaderList } from "../header-list.ts";
import type { DecodedBlock } from "../hpack/decoded-block.ts";
import { checkMessage, checkRequest, trailerRules } from "../messages/message-check.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Http2Stream, StreamReceiver } from "../stream-api.ts";
import { Core } from "./core.ts";
import { Stream } from "./stream.ts";

/** What a server does with requests. */
export interface StreamHandler {
  /**
   * A request has arrived; the receiver that is returned gets its data. With `endStream` there is none.
   * Must not throw.
   */
  onStream(stream: Http2Stream, headers: HeaderList, endStream: boolean): StreamReceiver;
}

/** The steps of a graceful drain (RFC 9113 §6.8). */
type Drain =
  | { readonly step: "none" }
  /** GOAWAY with the highest number has gone out; a PING tells when the client must have seen it. */
  | { readonly step: "announced"; readonly timer: Timer }
  /** The final GOAWAY has: streams above its number are ignored. */
  | { readonly step: "final"; readonly lastStreamId: number };

const highestStreamId = 2 ** 31 - 1;

/** The server's side: takes requests within limits, drains in two steps. */
export class ServerCore extends Core {
  readonly #handler: StreamHandler;
  #lastPeerId = 0;
  // Numbers that the client skipped last: they are closed without ever having been used (§5.1.1).
  #skippedFrom = 0;
  #skippedTo = 0;
  #drain: Drain = { step: "none" };

  constructor(stream: ByteStream, handler: StreamHandler, options: ResolvedOptions) {
    super(stream, options, "server", {
      headerTableBytes: options.headerTableBytes,
      maxConcurrentStreams: options.limits.maxConcurrentStreams,
      initialWindowBytes: options.streamWindowBytes,
      maxFrameBytes: options.limits.maxFrameBytes,
      maxHeaderListBytes: options.limits.maxHeaderListBytes,
    });
    this.#handler = handler;
  }

  close(): void {
    if (this.state === "closed" || this.#drain.step !== "none") return;
    this.phase = "draining";
    this.writer.goaway({ lastStreamId: highestStreamId, errorCode: "NO_ERROR", debugText: "" });
    const finish = (): void => this.#finishDrain();
    const timer = this.options.clock.setTimer(this.options.limits.closeTimeoutMs, finish);
    this.#drain = { step: "announced", timer };
    this.pings.send(finish, () => timer.cancel());
  }

  #finishDrain(): void {
    if (this.#drain.step !== "announced" || this.state === "closed") return;
    this.#drain.timer.cancel();
    this.#drain = { step: "final", lastStreamId: this.#lastPeerId };
    this.writer.goaway({ lastStreamId: this.#lastPeerId, errorCode: "NO_ERROR", debugText: "" });
    this.endIfDone();
  }

  // A client that said GOAWAY opens no more streams, so that there is nothing to announce to it.
  protected override mayEnd(): boolean {
    return this.#drain.step !== "announced";
  }

  protected override farewell(): Goaway | undefined {
    if (this.#drain.step === "final") return undefined;
    return { lastStreamId: this.#lastPeerId, errorCode: "NO_ERROR", debugText: "" };
  }

  protected override roomMade(): void {
    this.endIfDone();
  }

  protected override isIdle(streamId: number): boolean {
    return streamId % 2 === 0 || streamId > this.#lastPeerId;
  }

  protected override lastPeerStreamId(): number {
    return this.#lastPeerId;
  }

  protected override countReset(): boolean {
    return this.guard.allowsReset();
  }

  protected override goawayReceived(_goaway: Goaway): void {}

  protected override abandon(): void {
    if (this.#drain.step === "announced") this.#drain.timer.cancel();
  }

  protected override headersReceived(streamId: number, block: DecodedBlock, endStream: boolean): void {
    if (streamId % 2 === 0) this.fail("PROTOCOL_ERROR", `a client cannot open stream ${streamId}`);
    else if (streamId > this.#lastPeerId) this.#openStream(streamId, block, endStream);
    else if (streamId >= this.#skippedFrom && streamId < this.#skippedTo) {
      this.fail("PROTOCOL_ERROR", `stream ${streamId} is opened after stream ${this.#skippedTo}`);
    } else this.#trailersReceived(streamId, block, endStream);
  }

  #openStream(streamId: number, block: DecodedBlock, endStream: boolean): void {
    if (this.#drain.step === "final" && streamId > this.#drain.lastStreamId) return;
    if (streamId > this.#lastPeerId + 2) {
      this.#skippedFrom = this.#lastPeerId + 1;
      this.#skippedTo = streamId;
    }
    this.#lastPeerId = streamId;
    if (this.streams.size >= this.options.limits.maxConcurrentStreams) {
      this.refuseStream(streamId, "REFUSED_STREAM");
      return;
    }
    if (block.overLimit) {
      this.refuseStream(streamId, "ENHANCE_YOUR_CALM");
      return;
    }
    block.check ??= checkRequest(block.list);
    const check = block.check;
    if (check.kind !== "request" || (endStream && check.contentLength > 0)) {
      this.refuseStream(streamId, "PROTOCOL_ERROR");
      return;
    }
    const stream = new Stream(this, unset, this.flow.newWindow(), "headers");
    stream.id = streamId;
    stream.state = endStream ? "half-closed-remote" : "open";
    stream.sendWindowBytes = this.peer.initialWindowBytes;
    stream.headersReceived = true;
    stream.expectedBytes = endStream ? -1 : check.contentLength;
    this.streams.add(stream);
    stream.receiver = this.#handler.onStream(stream, block.list, endStream);
  }

  #trailersReceived(streamId: number, block: DecodedBlock, endStream: boolean): void {
    const stream = this.receivingHeaders(streamId);
    if (stream === undefined) return;
    const limit = this.options.limits.maxHeaderListBytes;
    const check = checkMessage(block.list, trailerRules);
    if (!endStream) this.resetStream(stream, "PROTOCOL_ERROR", "trailers without END_STREAM");
    else if (block.overLimit) this.resetStream(stream, "ENHANCE_YOUR_CALM", `trailers exceed ${limit} bytes`);
    else if (check.kind === "malformed") this.resetStream(stream, "PROTOCOL_ERROR", check.fault);
    else if (this.endReceived(stream)) stream.receiver.onTrailers(block.list);
  }
}

// In place until the handler has returned its own; nothing can arrive before that.
const unset: StreamReceiver = {
  onHeaders() {},
  onData() {},
  onTrailers() {},
  onDrain() {},
  onReset() {},
};
