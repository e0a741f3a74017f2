export { ByteQueue } from "./byte-queue.ts";
export { type ByteReceiver, type ByteStream, defaultHighWaterMarkBytes } from "./byte-stream.ts";
export { type Clock, systemClock, type Timer } from "./clock.ts";
export { DrawbarError, type DrawbarErrorOptions, isDrawbarError, toError } from "./errors.ts";
export { memoryPair } from "./memory-pair.ts";
export { OutputBuffer } from "./output-buffer.ts";
export { onAbort } from "./signals.ts";
export { atNextTurn, atTurnEnd } from "./turn.ts";
export { toWebStreams, type WebStreams } from "./web-streams.ts";
