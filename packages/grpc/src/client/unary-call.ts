import type { Http2Stream } from "@drawbar/http2";
import { type EncodedMessage, encodeMessage } from "../call/message-codec.ts";
import { declaredLength, messagePrefix, prefixBytes } from "../codec/message-prefix.ts";
import { MessageReader } from "../codec/message-reader.ts";
import { StatusError } from "../status/status-error.ts";
import type { CallOptions } from "./call-options.ts";
import { type BoundMethod, ClientCall } from "./client-call.ts";

/** One request, one reply. The promise it returns is the only one that the call makes. */
export class UnaryCall extends ClientCall {
  readonly #resolve: (reply: unknown) => void;
  readonly #reject: (error: StatusError) => void;
  #request: EncodedMessage | undefined;
  #reader: MessageReader | undefined;
  #replies = 0;
  #reply: unknown;

  /** Makes the call; rejects with StatusError. */
  static run(bound: BoundMethod, request: unknown, options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { definition, channel } = bound;
      const encoded = encodeMessage(definition.request, request, channel.sendLimit, options.compress);
      new UnaryCall(bound, options, encoded, resolve, reject).begin();
    });
  }

  private constructor(
    bound: BoundMethod,
    options: CallOptions,
    request: EncodedMessage,
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
    const request = this.#request;
    if (request === undefined) return;
    stream.sendData(request.body, true, messagePrefix(request.body.length, request.compressed));
  }

  protected override receive(chunk: Uint8Array): void {
    if (this.#reader === undefined && this.#isOneMessage(chunk)) {
      this.#onMessage(chunk.subarray(prefixBytes), chunk[0] === 1);
      return;
    }
    this.#reader ??= new MessageReader(this.bound.channel.receiveLimit);
    this.#reader.read(chunk, this.#onMessage);
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

  #isOneMessage(chunk: Uint8Array): boolean {
    if (chunk.length < prefixBytes || (chunk[0] ?? 0) > 1) return false;
    const length = declaredLength(chunk, 0);
    return length === chunk.length - prefixBytes && length <= this.bound.channel.receiveLimit.bytes;
  }

  readonly #onMessage = (message: Uint8Array, compressed: boolean): void => {
    if (++this.#replies > 1) throw new StatusError("INTERNAL", "the answer has more than one message");
    this.#reply = this.decode(message, compressed);
  };
}
