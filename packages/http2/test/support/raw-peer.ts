import { HpackDecoder, HpackEncoder } from "@drawbar/http2/hpack";
import type { ByteStream } from "@drawbar/io";

/** A frame as it came. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const errorNames = [
  ...[
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
  ],
  ...[
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
  ],
];

/** The other end of a connection, frame by frame: it sends what it is told to, right or wrong. */
export class RawPeer {
  readonly frames: RawFrame[] = [];
  /** Writes of the other side, one entry per chunk. */
  readonly writes: number[] = [];
  readonly #stream: ByteStream;
  readonly #encoder = new HpackEncoder(4096);
  readonly #decoder = new HpackDecoder(4096, 1 << 20);
  #kept = Buffer.alloc(0);
  #prefaceBytes: number;
  closed = false;
  #wake: () => void = () => {};

  constructor(stream: ByteStream, role: "client" | "server") {
    this.#stream = stream;
    this.#prefaceBytes = role === "server" ? preface.length : 0;
    stream.start({
      onData: (chunk) => this.#receive(chunk),
      onEnd: () => stream.end(),
      onDrain: () => {},
      onClose: () => {
        this.closed = true;
        this.#wake();
      },
    });
    if (role === "client") stream.write(Buffer.from(preface));
    this.send(type.settings, 0, 0);
  }

  /** Reads no more, so that the other side's output piles up. */
  stopReading(): void {
    this.#stream.pause();
  }

  resumeReading(): void {
    this.#stream.resume();
  }

  send(frameType: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array()): void {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header[3] = frameType;
    header[4] = flags;
    header.writeUInt32BE(streamId, 5);
    this.#stream.write(Buffer.concat([header, payload]));
  }

  raw(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  headers(streamId: number, list: readonly string[], endStream: boolean): void {
    this.send(type.headers, 4 | Number(endStream), streamId, Buffer.from(this.#encoder.encode(list)));
  }

  windowUpdate(streamId: number, increment: number): void {
    this.send(type.windowUpdate, 0, streamId, uint32(increment));
  }

  settings(...entries: readonly (readonly [id: number, value: number])[]): void {
    const payload = Buffer.concat(
      entries.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), uint32(value)])),
    );
    this.send(type.settings, 0, 0, payload);
  }

  /** A decoded field block; to be asked for all HEADERS in their order. */
  decode(frame: RawFrame): readonly string[] {
    return this.#decoder.decode(frame.payload, 0, frame.payload.length).list;
  }

  of(frameType: number, streamId?: number): RawFrame[] {
    return this.frames.filter(
      (frame) => frame.type === frameType && (streamId === undefined || frame.streamId === streamId),
    );
  }

  /** Waits until `condition` holds, looking each time something has come. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.closed) throw new Error("the connection closed before what the test waits for");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The code of the GOAWAY that ends the connection. */
  async goaway(): Promise<string> {
    await this.until(() => this.of(type.goaway).length > 0);
    return errorName(this.of(type.goaway).at(-1)?.payload.readUInt32BE(4));
  }

  /** The code of the RST_STREAM that ends a stream. */
  async reset(streamId: number): Promise<string> {
    await this.until(() => this.of(type.rstStream, streamId).length > 0);
    return errorName(this.of(type.rstStream, streamId)[0]?.payload.readUInt32BE(0));
  }

  /** Resolves when the other side has read and answered everything sent before. */
  async settled(): Promise<void> {
    const before = this.of(type.ping).length;
    this.send(type.ping, 0, 0, new Uint8Array(8));
    await this.until(() => this.of(type.ping).length > before);
  }

  #receive(chunk: Uint8Array): void {
    this.writes.push(chunk.length);
    this.#kept = Buffer.concat([this.#kept, chunk]);
    if (this.#prefaceBytes > 0) {
      if (this.#kept.length < this.#prefaceBytes) return;
      this.#kept = this.#kept.subarray(this.#prefaceBytes);
      this.#prefaceBytes = 0;
    }
    while (this.#kept.length >= 9 && this.#kept.length >= 9 + this.#kept.readUIntBE(0, 3)) {
      const length = this.#kept.readUIntBE(0, 3);
      const [frameType = 0, flags = 0] = this.#kept.subarray(3, 5);
      const payload = this.#kept.subarray(9, 9 + length);
      this.frames.push({ type: frameType, flags, streamId: this.#kept.readUInt32BE(5), payload });
      this.#kept = this.#kept.subarray(9 + length);
    }
    this.#wake();
  }
}

function errorName(code: number | undefined): string {
  return code === undefined ? "none" : (errorNames[code] ?? `code ${code}`);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}
