import type { Server } from "@drawbar/grpc";
import { Channel, type Client, createClient } from "@drawbar/grpc";
import {
  ClientConnection,
  type HeaderList,
  type Http2Error,
  type Http2Stream,
  ServerConnection,
  type StreamReceiver,
} from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import { echo } from "./rig.ts";

export const good: readonly string[] = [":status", "200", "content-type", "application/grpc"];

const deaf: StreamReceiver = {
  onHeaders: () => {},
  onData: () => {},
  onTrailers: () => {},
  onDrain: () => {},
  onReset: () => {},
};

/** A client whose server answers every request as `answer` says, in plain HTTP/2. */
export function against(answer: (stream: Http2Stream) => void): {
  channel: Channel;
  client: Client<typeof echo>;
} {
  const channel = new Channel({
    connect: () => {
      const [near, far] = memoryPair();
      new ServerConnection(far, {
        onStream: (stream) => {
          answer(stream);
          return deaf;
        },
      });
      return near;
    },
  });
  return { channel, client: createClient(echo, channel) };
}

/** A message as it is sent. */
export function frame(flag: number, length: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + body.length);
  new DataView(bytes.buffer).setUint32(1, length);
  bytes[0] = flag;
  bytes.set(body, 5);
  return bytes;
}

/** What a server answers to a request in plain HTTP/2. */
export interface RawAnswer {
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
  readonly data: Uint8Array;
  readonly reset: Http2Error | undefined;
}

/** Asks `server` with plain HTTP/2, and resolves when the answer is over. */
export function ask(
  server: Server,
  headers: HeaderList,
  body: readonly Uint8Array[],
  end: "end" | "leave open" = "end",
): Promise<RawAnswer> {
  const [near, far] = memoryPair();
  server.serve(far);
  const connection = new ClientConnection(near);
  return new Promise((resolve) => {
    let answer: RawAnswer = { headers: [], trailers: [], data: new Uint8Array(), reset: undefined };
    const over = (last: Partial<RawAnswer>): void => {
      answer = { ...answer, ...last };
      connection.close();
      resolve(answer);
    };
    const receiver: StreamReceiver = {
      onHeaders: (received, endStream) => {
        answer = { ...answer, headers: received };
        if (endStream) over({});
      },
      onData: (chunk, endStream) => {
        answer = { ...answer, data: Buffer.concat([answer.data, chunk]) };
        if (endStream) over({});
      },
      onTrailers: (trailers) => over({ trailers }),
      onDrain: () => {},
      onReset: (reset) => over({ reset }),
    };
    const stream = connection.request(headers, receiver, body.length === 0 && end === "end");
    body.forEach((chunk, i) => {
      stream.sendData(chunk, end === "end" && i === body.length - 1);
    });
  });
}

/** Request headers of a method of the Echo service. */
export function requestOf(method: string, ...more: readonly string[]): HeaderList {
  const path = `/drawbar.test.Echo/${method}`;
  return [
    ...[":method", "POST", ":scheme", "http", ":path", path, ":authority", "localhost"],
    ...["te", "trailers", "content-type", "application/grpc", ...more],
  ];
}
