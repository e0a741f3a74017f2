import type { Http2Stream } from "@drawbar/http2";
import { type InboundOwner, InboundStream } from "../call/inbound-stream.ts";
import { encodeFrame } from "../call/message-codec.ts";
import { type MessageSource, OutboundPump, type OutboundSink } from "../call/outbound-pump.ts";
import { StatusError } from "../status/status-error.ts";
import type { CallOptions } from "./call-options.ts";
import { type BoundMethod, ClientCall } from "./client-call.ts";

// What a call that streams its requests keeps, in order to be tried again where the peer did not see it.
const replayLimitBytes = 64 * 1024;

const nothing = new Uint8Array(0);

/** A call in which one side or both stream. */
export class StreamCall extends ClientCall implements InboundOwner<unknown>, OutboundSink<unknown> {
  /** What the peer answers. Leaving it early cancels the call. */
  readonly replies: InboundStream<unknown>;
  readonly #pump: OutboundPump<unknown> | undefined;
  #requests: "coming" | "ended";
  #pumpStarted = false;
  // Everything sent so far, until the peer answers or it grows too long.
  #replay: Uint8Array[] | undefined = [];
  #replayBytes = 0;
  // The latest request, while it waits for room and is not remembered.
  #queued: Uint8Array | undefined;

  /** One request. Throws StatusError when it cannot be encoded. */
  static single(bound: BoundMethod, request: unknown, options: CallOptions): StreamCall {
    const { definition, channel } = bound;
    const frame = encodeFrame(definition.request, request, channel.sendLimit, options.compress);
    const call = new StreamCall(bound, options, undefined);
    call.#replay = [frame];
    call.begin();
    return call;
  }

  /** Requests as they come. */
  static streaming(bound: BoundMethod, requests: MessageSource<unknown>, options: CallOptions): StreamCall {
    const call = new StreamCall(bound, options, requests);
    call.begin();
    return call;
  }

  private constructor(
    bound: BoundMethod,
    options: CallOptions,
    requests: MessageSource<unknown> | undefined,
  ) {
    super(bound, options);
    this.replies = new InboundStream(this, bound.channel.receiveLimit);
    this.#pump = requests === undefined ? undefined : new OutboundPump(requests, this);
    this.#requests = requests === undefined ? "ended" : "coming";
  }

  onDrain(): void {
    if (this.#queued !== undefined) this.bound.definition.request.release?.(this.#queued);
    this.#queued = undefined;
    this.#pump?.resume();
  }

  decodeMessage(bytes: Uint8Array, start: number, end: number, compressed: boolean, owned: boolean): unknown {
    return this.decode(bytes, start, end, compressed, owned);
  }

  giveCredit(byteCount: number): void {
    this.stream?.consume(byteCount);
  }

  onAbandoned(): void {
    this.cut(new StatusError("CANCELLED", "the reader of the replies stopped"));
  }

  sendMessage(value: unknown): boolean {
    const { definition, channel } = this.bound;
    const frame = encodeFrame(definition.request, value, channel.sendLimit, this.options.compress);
    this.#remember(frame);
    // Between two attempts there is no stream; the next one begins with what is remembered.
    if (this.stream === undefined) return false;
    const more = this.stream.sendData(frame, false);
    if (this.#replay === undefined) {
      if (more) definition.request.release?.(frame);
      else this.#queued = frame;
    }
    return more;
  }

  onSourceEnd(): void {
    this.#requests = "ended";
    this.stream?.sendData(nothing, true);
  }

  onSourceError(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.cut(new StatusError("CANCELLED", `the requests failed: ${text}`, { cause: error }));
  }

  override onReset(...args: Parameters<ClientCall["onReset"]>): void {
    // Without all that was sent there is nothing to try again with.
    if (this.#replay === undefined) this.forbidRetry();
    super.onReset(...args);
  }

  protected override sendRequest(stream: Http2Stream): void {
    const frames = this.#replay ?? [];
    const ended = this.#requests === "ended";
    frames.forEach((frame, i) => {
      stream.sendData(frame, ended && i === frames.length - 1);
    });
    if (ended && frames.length === 0) stream.sendData(nothing, true);
    if (this.#pumpStarted) this.#pump?.resume();
    else this.#pump?.start();
    this.#pumpStarted = true;
  }

  protected override receive(chunk: Uint8Array): void {
    this.#replay = undefined;
    this.replies.receive(chunk);
  }

  protected override incompleteness(): StatusError | undefined {
    if (!this.replies.unfinished) return undefined;
    return new StatusError("INTERNAL", "the answer ended within a message");
  }

  protected override conclude(error: StatusError | undefined, local: boolean): void {
    this.#replay = undefined;
    this.#pump?.stop();
    // The peer has ended the call while requests were still coming: the stream is closed from here too.
    if (!local && this.#requests === "coming") this.stream?.reset("CANCEL");
    if (error === undefined) this.replies.finish();
    else this.replies.fail(error, local);
  }

  #remember(frame: Uint8Array): void {
    if (this.#replay === undefined) return;
    this.#replayBytes += frame.length;
    if (this.isAnswering || this.#replayBytes > replayLimitBytes) this.#replay = undefined;
    else this.#replay.push(frame);
  }
}
