export { ClientConnection } from "./client-connection.ts";
export type { StreamHandler } from "./connection/server-core.ts";
export { type ErrorCode, Http2Error, type Http2ErrorKind } from "./errors.ts";
export { alpnProtocol } from "./frame/preface.ts";
export { appendHeaders, type HeaderList, type PreparedHeaders, prepareHeaders } from "./header-list.ts";
export type { DrainReason, Http2Limits, Http2Options } from "./options.ts";
export { ServerConnection } from "./server-connection.ts";
export type { Http2Stream, StreamReceiver } from "./stream-api.ts";
