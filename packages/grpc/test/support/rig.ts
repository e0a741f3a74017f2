import {
  Channel,
  type ChannelOptions,
  type Client,
  createClient,
  type Implementation,
  Server,
  type ServerOptions,
} from "@drawbar/grpc";
import { fromProtobuf } from "@drawbar/grpc/protobuf";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { Echo } from "../gen/echo_pb.ts";

export const echo = fromProtobuf(Echo);
export type EchoClient = Client<typeof echo>;

/** A server and a channel to it, each new connection over a pair of its own. */
export interface Rig {
  readonly server: Server;
  readonly channel: Channel;
  readonly client: EchoClient;
  /** The two ends of each connection so far: client's, server's. */
  readonly pairs: [ByteStream, ByteStream][];
}

export function rig(
  implementation: Partial<Implementation<typeof echo>>,
  options: { server?: ServerOptions; channel?: Partial<ChannelOptions> } = {},
): Rig {
  const server = new Server(options.server).addService(echo, implementation);
  const pairs: [ByteStream, ByteStream][] = [];
  const channel = new Channel({
    connect: () => {
      const pair = memoryPair();
      pairs.push(pair);
      server.serve(pair[1]);
      return pair[0];
    },
    ...options.channel,
  });
  return { server, channel, client: createClient(echo, channel), pairs };
}

/** Ends both sides, and says what is still in flight. */
export async function close({ channel, server }: Rig): Promise<void> {
  await channel.close();
  await server.close();
}

/** Many turns of the event loop: what can happen without time passing has happened. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

/** A promise and what settles it. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
