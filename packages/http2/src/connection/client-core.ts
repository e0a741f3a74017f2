import type { ByteStream } from "@drawbar/io";
import { type ErrorCode, Http2Error } from "../errors.ts";
import type { Goaway } from "../frame/goaway.ts";
import { asSendable, type HeaderList, type PreparedHeaders, type PreparedList } from "../header-list.ts";
import type { DecodedBlock } from "../hpack/decoded-block.ts";
import { checkMessage, type MessageCheck, responseRules, trailerRules } from "../messages/message-check.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Http2Stream, StreamReceiver } from "../stream-api.ts";
import { Core } from "./core.ts";
import { Stream } from "./stream.ts";

interface Waiting {
  readonly headers: HeaderList | PreparedList;
  readonly endStream: boolean;
}

const lastStreamNumber = 2 ** 31 - 1;

/** The client's side: opens streams in order, as the peer's limit allows. */
export class ClientCore extends Core {
  // Requests beyond the peer's limit, in order.
  readonly #waiting = new Map<Stream, Waiting>();
  #nextId = 1;

  constructor(stream: ByteStream, options: ResolvedOptions) {
    super(stream, options, "client", {
      headerTableBytes: options.headerTableBytes,
      enablePush: false,
      initialWindowBytes: options.streamWindowBytes,
      maxFrameBytes: options.limits.maxFrameBytes,
      maxHeaderListBytes: options.limits.maxHeaderListBytes,
    });
  }

  request(headers: HeaderList | PreparedHeaders, receiver: StreamReceiver, endStream: boolean): Http2Stream {
    const sendable = asSendable(headers);
    const stream = new Stream(this, receiver, this.flow.newWindow(), endStream ? "ended" : "body");
    if (this.phase !== "open") this.#refuseLater(stream);
    else if (this.#waiting.size === 0 && this.#mayOpen()) this.#open(stream, sendable, endStream);
    else this.#waiting.set(stream, { headers: sendable, endStream });
    return stream;
  }

  close(): void {
    if (this.phase !== "open") return;
    this.phase = "draining";
    this.endIfDone();
  }

  // Not sent before: requests that wait for their turn are still to come.
  protected override farewell(): Goaway {
    return { lastStreamId: 0, errorCode: "NO_ERROR", debugText: "" };
  }

  override resetByUs(stream: Stream, id: number, code: ErrorCode): void {
    this.#waiting.delete(stream);
    super.resetByUs(stream, id, code);
  }

  #mayOpen(): boolean {
    if (this.state === "closed") return false;
    return this.streams.size < this.peer.maxConcurrentStreams && !this.writer.blocked;
  }

  #open(stream: Stream, headers: HeaderList | PreparedList, endStream: boolean): void {
    const id = this.#nextId;
    this.#nextId += 2;
    stream.id = id;
    this.streams.add(stream);
    stream.open(id, this.peer.initialWindowBytes, headers, endStream);
    if (this.#nextId > lastStreamNumber) this.#exhausted();
  }

  // After 2^30 requests a connection has no numbers left (RFC 9113 §5.1.1).
  #exhausted(): void {
    this.phase = "draining";
    this.#refuseWaiting(goneAway("the connection has used up its stream numbers"));
    this.options.onDraining({ errorCode: "NO_ERROR", debugText: "stream numbers used up" });
  }

  // Not during the call: a caller does not expect its receiver to be called before it has the stream.
  #refuseLater(stream: Stream): void {
    queueMicrotask(() => {
      if (stream.state === "closed") return;
      stream.close();
      stream.receiver.onReset(goneAway("the connection takes no more requests"));
    });
  }

  protected override roomMade(): void {
    for (const [stream, { headers, endStream }] of this.#waiting) {
      if (!this.#mayOpen()) break;
      this.#waiting.delete(stream);
      this.#open(stream, headers, endStream);
    }
    this.endIfDone();
  }

  protected override mayEnd(): boolean {
    return this.#waiting.size === 0;
  }

  protected override isIdle(streamId: number): boolean {
    return streamId % 2 === 0 || streamId >= this.#nextId;
  }

  protected override lastPeerStreamId(): number {
    return 0;
  }

  // A server ends streams that it was asked to serve: nothing that it can flood us with.
  protected override countReset(): boolean {
    return true;
  }

  protected override headersReceived(streamId: number, block: DecodedBlock, endStream: boolean): void {
    const stream = this.receivingHeaders(streamId);
    if (stream === undefined) return;
    if (block.overLimit) {
      const message = `headers are longer than the ${this.options.limits.maxHeaderListBytes} bytes allowed`;
      this.resetStream(stream, "ENHANCE_YOUR_CALM", message);
      return;
    }
    const check = this.#check(block, stream);
    if (check.kind === "malformed") this.resetStream(stream, "PROTOCOL_ERROR", check.fault);
    else if (check.kind === "trailers") {
      if (!endStream) this.resetStream(stream, "PROTOCOL_ERROR", "trailers without END_STREAM");
      else if (this.endReceived(stream)) stream.receiver.onTrailers(block.list);
    } else if (check.status >= 200) {
      stream.headersReceived = true;
      // What a content-length promises does not come with END_STREAM: a reply to HEAD, or 304.
      if (endStream) this.endReceived(stream);
      else stream.expectedBytes = check.contentLength;
      stream.receiver.onHeaders(block.list, endStream);
    } else if (endStream) this.resetStream(stream, "PROTOCOL_ERROR", `${check.status} ends the stream`);
  }

  #check(block: DecodedBlock, stream: Stream): MessageCheck {
    const rules = stream.headersReceived ? trailerRules : responseRules;
    const known = block.check;
    // A block may have been checked as the other kind before.
    if (known !== undefined && known.kind === rules.kind) return known;
    block.check = checkMessage(block.list, rules);
    return block.check;
  }

  protected override goawayReceived(goaway: Goaway): void {
    const error = goneAway(`the peer is going away (${goaway.errorCode}): ${goaway.debugText}`, goaway);
    this.#refuseWaiting(error);
    for (const stream of this.streams.all()) {
      if (stream.id <= goaway.lastStreamId || stream.state === "closed") continue;
      stream.close();
      this.streams.remove(stream.id);
      stream.receiver.onReset(error);
    }
  }

  #refuseWaiting(error: Http2Error): void {
    const waiting = [...this.#waiting.keys()];
    this.#waiting.clear();
    for (const stream of waiting) {
      if (stream.state === "closed") continue;
      stream.close();
      stream.receiver.onReset(error);
    }
  }

  protected override abandon(error: Http2Error): void {
    const { errorCode, message, cause } = error;
    // Their headers were never sent.
    this.#refuseWaiting(new Http2Error("http2-goaway", errorCode, message, { cause, unprocessed: true }));
  }
}

function goneAway(message: string, goaway?: Goaway): Http2Error {
  const errorCode =
    goaway === undefined || goaway.errorCode === "NO_ERROR" ? "REFUSED_STREAM" : goaway.errorCode;
  return new Http2Error("http2-goaway", errorCode, message, { unprocessed: true });
}
