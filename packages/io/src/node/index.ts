export { connectSocket, connectStream, type SocketAddress } from "./connect.ts";
export { toDuplex } from "./duplex.ts";
export { socketStream } from "./socket-stream.ts";
