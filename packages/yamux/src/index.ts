export { YamuxError, type YamuxErrorCode } from "./errors.ts";
export type { SessionOptions } from "./options.ts";
export { Session } from "./session.ts";
export type { YamuxStream } from "./yamux-stream.ts";
