import type { HeaderList, Http2Error, StreamReceiver } from "@drawbar/http2";

/** A receiver that writes down what it is told, and can be awaited. */
export class Recorder implements StreamReceiver {
  headers: HeaderList | undefined;
  trailers: HeaderList | undefined;
  error: Http2Error | undefined;
  bytes: number[] = [];
  drains = 0;
  ended = false;
  readonly done: Promise<void>;
  #finish: () => void = () => {};

  constructor() {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get text(): string {
    return Buffer.from(this.bytes).toString("utf8");
  }

  onHeaders(headers: HeaderList, endStream: boolean): void {
    this.headers = headers;
    if (endStream) this.#end();
  }

  onData(chunk: Uint8Array, endStream: boolean): void {
    for (const byte of chunk) this.bytes.push(byte);
    if (endStream) this.#end();
  }

  onTrailers(headers: HeaderList): void {
    this.trailers = headers;
    this.#end();
  }

  onDrain(): void {
    this.drains++;
  }

  onReset(error: Http2Error): void {
    this.error = error;
    this.#end();
  }

  #end(): void {
    this.ended = true;
    this.#finish();
  }
}
