import { prefixBytes } from "../codec/message-prefix.ts";
import { isWholeMessage, MessageReader } from "../codec/message-reader.ts";
import { StatusError } from "../status/status-error.ts";
import { ServerCall } from "./server-call.ts";

/** One request, one reply: answered in the turn of the request if the handler does not wait. */
export class UnaryServerCall extends ServerCall {
  #reader: MessageReader | undefined;
  #requests = 0;
  #request: unknown;

  protected override receive(chunk: Uint8Array): void {
    if (this.#reader === undefined && isWholeMessage(chunk, this.core.receiveLimit)) {
      this.#take(chunk, prefixBytes, chunk.length, chunk[0] === 1, false);
      return;
    }
    this.#reader ??= new MessageReader(this.core.receiveLimit);
    this.#reader.read(chunk, (...message) => this.#take(...message));
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

  #take(bytes: Uint8Array, start: number, end: number, compressed: boolean, owned: boolean): void {
    if (++this.#requests > 1) throw new StatusError("INTERNAL", "the request has more than one message");
    this.#request = this.decode(bytes, start, end, compressed, owned);
  }
}
