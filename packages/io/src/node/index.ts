export { connectSocket, connectStream, type SocketAddress } from "./connect.ts";
export { toDuplex } from "./duplex.ts";
export { type FoundProcess, findProcess, isSameProcess, processGroup } from "./find-process.ts";
export { type ProcessIdentity, processState, readOwnIdentity } from "./process-identity.ts";
export { ownerHasEnded, pidOfStamp, processStamp } from "./process-stamp.ts";
export { socketStream } from "./socket-stream.ts";
