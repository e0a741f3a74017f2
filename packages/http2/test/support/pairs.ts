import { ClientConnection, type Http2Options, prepareHeaders } from "@drawbar/http2";
import { memoryPair } from "@drawbar/io";
import { echoServer } from "./echo-server.ts";
import { RawPeer } from "./raw-peer.ts";

export const post = [":method", "POST", ":scheme", "http", ":path", "/echo", ":authority", "test"];
export const preparedPost = prepareHeaders(post);

/** Our server, which echoes, and a client that is free to misbehave. */
export function rawClient(options?: Http2Options): { peer: RawPeer; server: ReturnType<typeof echoServer> } {
  const [near, far] = memoryPair();
  const server = echoServer(far, options);
  return { peer: new RawPeer(near, "client"), server };
}

/** Our client, and a server that is free to misbehave. */
export function rawServer(options?: Http2Options): { peer: RawPeer; client: ClientConnection } {
  const [near, far] = memoryPair();
  const client = new ClientConnection(near, options);
  return { peer: new RawPeer(far, "server"), client };
}
