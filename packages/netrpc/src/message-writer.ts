import { type AnySchema, Encoder, type Input, type Registry } from "@drawbar/gob";
import { type ByteStream, OutputBuffer } from "@drawbar/io";

/** Writes messages, a header and a body each, so that those of one turn leave as one write. */
export class MessageWriter<H extends AnySchema> {
  readonly #output: OutputBuffer;
  readonly #encoder: Encoder;
  readonly #header: H;

  constructor(stream: ByteStream, header: H, registry: Registry | undefined) {
    this.#output = new OutputBuffer(stream);
    this.#encoder = new Encoder(registry === undefined ? {} : { registry });
    this.#header = header;
  }

  /** True while the stream asks for a pause. */
  get blocked(): boolean {
    return this.#output.blocked;
  }

  /** @throws GobError when the body does not fit its schema: then nothing is written */
  write<B extends AnySchema>(header: Input<H>, bodySchema: B, body: Input<B>): void {
    // The body is encoded first, as it may fail, and sent second.
    this.#encoder.encode(bodySchema, body);
    const bodyBytes = this.#encoder.take();
    this.#encoder.encode(this.#header, header);
    this.#output.append(this.#encoder.take());
    this.#output.append(bodyBytes);
  }

  /** To be called from the stream's `onDrain`. */
  drained(): void {
    this.#output.drained();
  }

  flush(): void {
    this.#output.flush();
  }
}
