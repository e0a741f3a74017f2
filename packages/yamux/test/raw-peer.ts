import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { Session, type SessionOptions, type YamuxStream } from "@drawbar/yamux";

export const type = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const;
export const flag = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

/** A frame as a test writes it and sees it. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly length: number;
  readonly payload: string;
}

/** The other end of a session: sends what it likes, records what it gets. */
export interface RawPeer {
  readonly session: Session;
  readonly clock: ManualClock;
  readonly stream: ByteStream;
  /** Frames received and not yet taken. */
  take(): RawFrame[];
  send(type: number, flags: number, id: number, length: number, payload?: Uint8Array): void;
  /** Lets everything that is on its way arrive. */
  settle(): Promise<void>;
}

/** A session in `options.role` (default: server) and a peer that is driven frame by frame. */
export function rawPeer(options: Partial<SessionOptions> = {}): RawPeer {
  const clock = new ManualClock();
  const [stream, connection] = memoryPair();
  const session = new Session(connection, { role: "server", clock, ...options });
  let received: Buffer = Buffer.alloc(0);
  stream.start({
    onData(piece) {
      received = Buffer.concat([received, piece]);
    },
    onEnd() {
      stream.end();
    },
    onDrain() {},
    onClose() {},
  });
  return {
    session,
    clock,
    stream,
    take() {
      const [frames, rest] = decode(received);
      received = rest;
      return frames;
    },
    send: (...args) => void stream.write(encode(...args)),
    settle,
  };
}

/** Ours on both ends. */
export function sessionPair(
  client: Partial<SessionOptions> = {},
  server: Partial<SessionOptions> = {},
): { client: Session; server: Session; clock: ManualClock } {
  const clock = new ManualClock();
  const [a, b] = memoryPair();
  return {
    client: new Session(a, { role: "client", clock, ...client }),
    server: new Session(b, { role: "server", clock, ...server }),
    clock,
  };
}

/** What a stream has told its receiver. */
export class Seen {
  text = "";
  bytes = 0;
  ended = false;
  drains = 0;
  closed: { error: Error | undefined; code: string | undefined } | undefined;
  readonly stream: YamuxStream;

  get isOpen(): boolean {
    return this.closed === undefined;
  }

  constructor(stream: YamuxStream, onPiece: (piece: Uint8Array) => void = () => {}) {
    this.stream = stream;
    stream.start({
      onData: (piece) => {
        this.bytes += piece.length;
        if (this.text.length < 1_000) this.text += Buffer.from(piece).toString("latin1");
        onPiece(piece);
      },
      onEnd: () => {
        this.ended = true;
      },
      onDrain: () => {
        this.drains++;
      },
      onClose: (error) => {
        if (this.closed !== undefined) throw new Error("closed twice");
        this.closed = { error, code: (error as { code?: string } | undefined)?.code };
      },
    });
  }
}

export function encode(
  frameType: number,
  flags: number,
  id: number,
  length: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(frameType, 1);
  header.writeUInt16BE(flags, 2);
  header.writeUInt32BE(id, 4);
  header.writeUInt32BE(length, 8);
  return Buffer.concat([header, payload]);
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Several turns of the event loop: everything that needs no timer has happened after it. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

function decode(bytes: Buffer): [RawFrame[], Buffer] {
  const frames: RawFrame[] = [];
  let offset = 0;
  while (bytes.length - offset >= 12) {
    const frame = {
      type: bytes.readUInt8(offset + 1),
      flags: bytes.readUInt16BE(offset + 2),
      id: bytes.readUInt32BE(offset + 4),
      length: bytes.readUInt32BE(offset + 8),
    };
    const payloadBytes = frame.type === type.data ? frame.length : 0;
    const end = offset + 12 + payloadBytes;
    if (end > bytes.length) break;
    frames.push({ ...frame, payload: bytes.toString("latin1", offset + 12, end) });
    offset = end;
  }
  return [frames, bytes.subarray(offset)];
}
