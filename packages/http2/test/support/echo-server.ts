import {
  type Http2Options,
  type Http2Stream,
  prepareHeaders,
  ServerConnection,
  type StreamReceiver,
} from "@drawbar/http2";
import type { ByteStream } from "@drawbar/io";

const head = prepareHeaders([":status", "200", "content-type", "application/octet-stream"]);
const tail = prepareHeaders(["x-status", "0"]);

/** Answers every request with its own body, then trailers. */
export function echoServer(stream: ByteStream, options?: Http2Options): ServerConnection {
  return new ServerConnection(
    stream,
    { onStream: (request, _headers, endStream) => new Echo(request, endStream) },
    options,
  );
}

class Echo implements StreamReceiver {
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream, endStream: boolean) {
    this.#stream = stream;
    stream.sendHeaders(head, false);
    if (endStream) stream.sendTrailers(tail);
  }

  onHeaders(): void {}

  onData(chunk: Uint8Array, endStream: boolean): void {
    if (chunk.length > 0) this.#stream.sendData(new Uint8Array(chunk), false);
    this.#stream.consume(chunk.length);
    if (endStream) this.#stream.sendTrailers(tail);
  }

  onTrailers(): void {
    this.#stream.sendTrailers(tail);
  }

  onDrain(): void {}
  onReset(): void {}
}
