import type { HeaderList, Http2Stream } from "@drawbar/http2";
import { type InboundOwner, InboundStream } from "../call/inbound-stream.ts";
import { type MessageSource, OutboundPump, type OutboundSink } from "../call/outbound-pump.ts";
import { only } from "../call/single-message.ts";
import { StatusError } from "../status/status-error.ts";
import type { AcceptedRequest } from "./request-head.ts";
import { ServerCall, type ServerCore } from "./server-call.ts";

/** A call in which one side or both stream. */
export class StreamServerCall extends ServerCall implements InboundOwner<unknown>, OutboundSink<unknown> {
  readonly #requests: InboundStream<unknown>;
  #pump: OutboundPump<unknown> | undefined;

  constructor(core: ServerCore, stream: Http2Stream, headers: HeaderList, head: AcceptedRequest) {
    super(core, stream, headers, head);
    this.#requests = new InboundStream(this, core.receiveLimit);
  }

  /** Begins; to be called once the stream has its receiver. */
  run(): void {
    this.watchDeadline();
    try {
      this.#callHandler();
    } catch (error) {
      this.fail(error);
    }
  }

  decodeMessage(bytes: Uint8Array, start: number, end: number, compressed: boolean, owned: boolean): unknown {
    return this.decode(bytes, start, end, compressed, owned);
  }

  giveCredit(byteCount: number): void {
    this.stream.consume(byteCount);
  }

  // A handler may stop reading and answer all the same; what still comes is let through and dropped.
  onAbandoned(): void {}

  sendMessage(value: unknown): boolean {
    return this.sendReply(value);
  }

  onSourceEnd(): void {
    this.succeed();
  }

  onSourceError(error: unknown): void {
    this.fail(error);
  }

  protected override receive(chunk: Uint8Array): void {
    this.#requests.receive(chunk);
  }

  protected override onRequestEnd(): void {
    if (this.#requests.unfinished) throw new StatusError("INTERNAL", "the request ended within a message");
    this.#requests.finish();
  }

  protected override onRoom(): void {
    this.#pump?.resume();
  }

  protected override conclude(cancellation: StatusError | undefined): void {
    if (cancellation === undefined) this.#requests.finish();
    else this.#requests.fail(cancellation, true);
    this.#pump?.stop();
  }

  #callHandler(): void {
    const { run } = this.head.route;
    switch (run.kind) {
      case "unary":
        return;
      case "server_streaming":
        only(this.#requests, "request").then(
          (request) => this.#stream(() => run.call(request, this.context)),
          (error: unknown) => this.fail(error),
        );
        return;
      case "client_streaming":
        this.reply(run.call(this.#requests, this.context));
        return;
      case "bidi_streaming":
        this.#stream(() => run.call(this.#requests, this.context));
    }
  }

  #stream(call: () => MessageSource<unknown>): void {
    if (this.isOver) return;
    try {
      this.#pump = new OutboundPump(call(), this);
      this.#pump.start();
    } catch (error) {
      this.fail(error);
    }
  }
}
