import type { Http2Stream } from "@drawbar/http2";
import { encodeFrame } from "../call/message-codec.ts";
import { prefixBytes } from "../codec/message-prefix.ts";
import { isWholeMessage, MessageReader } from "../codec/message-reader.ts";
import { StatusError } from "../status/status-error.ts";
import type { CallOptions } from "./call-options.ts";
import { type BoundMethod, ClientCall } from "./client-call.ts";

/** One request, one reply. The promise it returns is the only one that the call makes. */
export class UnaryCall extends ClientCall {
  readonly #resolve: (reply: unknown) => void;
  readonly #reject: (error: StatusError) => void;
  #request: Uint8Array | undefined;
  #reader: MessageReader | undefined;
  #replies = 0;
  #reply: unknown;

  /** Makes the call; rejects with StatusError. */
  static run(bound: BoundMethod, request: unknown, options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { definition, channel } = bound;
      const frame = encodeFrame(definition.request, request, channel.sendLimit, options.compress);
      new UnaryCall(bound, options, frame, resolve, reject).begin();
    });
  }

  private constructor(
    bound: BoundMethod,
    options: CallOptions,
    request: Uint8Array,
    resolve: (reply: unknown) => void,
    reject: (error: StatusError) => void,
  ) {
    super(bound, options);
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onDrain(): void {}

  protected override sendRequest(stream: Http2Stream): void {
    if (this.#request !== undefined) stream.sendData(this.#request, true);
  }

  protected override receive(chunk: Uint8Array): void {
    if (this.#reader === undefined && isWholeMessage(chunk, this.bound.channel.receiveLimit)) {
      this.#take(chunk, prefixBytes, chunk.length, chunk[0] === 1, false);
      return;
    }
    this.#reader ??= new MessageReader(this.bound.channel.receiveLimit);
    this.#reader.read(chunk, (...message) => this.#take(...message));
    this.stream?.consume(chunk.length);
  }

  protected override incompleteness(): StatusError | undefined {
    if (this.#reader?.unfinished === true) {
      return new StatusError("INTERNAL", "the answer ended within a message");
    }
    if (this.#replies === 1) return undefined;
    return new StatusError("INTERNAL", "the answer has status OK but no message");
  }

  protected override conclude(error: StatusError | undefined): void {
    this.#request = undefined;
    if (error === undefined) this.#resolve(this.#reply);
    else this.#reject(error);
  }

  #take(bytes: Uint8Array, start: number, end: number, compressed: boolean, owned: boolean): void {
    if (++this.#replies > 1) throw new StatusError("INTERNAL", "the answer has more than one message");
    this.#reply = this.decode(bytes, start, end, compressed, owned);
  }
}
