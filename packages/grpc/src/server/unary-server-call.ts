import { declaredLength, prefixBytes } from "../codec/message-prefix.ts";
import { MessageReader } from "../codec/message-reader.ts";
import { StatusError } from "../status/status-error.ts";
import { ServerCall } from "./server-call.ts";

/** One request, one reply: answered in the turn of the request if the handler does not wait. */
export class UnaryServerCall extends ServerCall {
  #reader: MessageReader | undefined;
  #requests = 0;
  #request: unknown;

  protected override receive(chunk: Uint8Array): void {
    if (this.#reader === undefined && this.#isOneMessage(chunk)) {
      this.#onMessage(chunk.subarray(prefixBytes), chunk[0] === 1);
      return;
    }
    this.#reader ??= new MessageReader(this.core.receiveLimit);
    this.#reader.read(chunk, this.#onMessage);
    this.stream.consume(chunk.length);
    this.watchDeadline();
  }

  protected override onRequestEnd(): void {
    if (this.#requests === 0 || this.#reader?.unfinished === true) {
      throw new StatusError("INTERNAL", "the request ended without a whole message");
    }
    const { run } = this.head.route;
    if (run.kind !== "unary") return;
    const request = this.#request;
    this.#request = undefined;
    this.reply(run.call(request, this.context));
  }

  protected override conclude(): void {
    this.#request = undefined;
  }

  protected override onRoom(): void {}

  #isOneMessage(chunk: Uint8Array): boolean {
    if (chunk.length < prefixBytes || (chunk[0] ?? 0) > 1) return false;
    const length = declaredLength(chunk, 0);
    return length === chunk.length - prefixBytes && length <= this.core.receiveLimit.bytes;
  }

  readonly #onMessage = (message: Uint8Array, compressed: boolean): void => {
    if (++this.#requests > 1) throw new StatusError("INTERNAL", "the request has more than one message");
    this.#request = this.decode(message, compressed);
  };
}
