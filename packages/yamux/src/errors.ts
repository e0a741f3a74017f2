import { DrawbarError, type DrawbarErrorOptions } from "@drawbar/io";

/** Every way in which a session or a stream can fail. Codes are stable. */
export type YamuxErrorCode =
  // The peer broke the protocol: the session ends with a go-away of code 1.
  | "YAMUX_BAD_VERSION"
  | "YAMUX_BAD_FRAME_TYPE"
  | "YAMUX_BAD_STREAM_ID"
  | "YAMUX_DUPLICATE_STREAM"
  | "YAMUX_WINDOW_EXCEEDED"
  | "YAMUX_WINDOW_OVERFLOW"
  | "YAMUX_UNEXPECTED_FIN"
  | "YAMUX_FLOOD"
  // The peer ended the session and said why.
  | "YAMUX_REMOTE_PROTOCOL_ERROR"
  | "YAMUX_REMOTE_INTERNAL_ERROR"
  | "YAMUX_REMOTE_UNKNOWN_ERROR"
  // Time ran out.
  | "YAMUX_KEEPALIVE_TIMEOUT"
  | "YAMUX_PING_TIMEOUT"
  | "YAMUX_WRITE_TIMEOUT"
  | "YAMUX_OPEN_TIMEOUT"
  | "YAMUX_CLOSE_TIMEOUT"
  // The session or the stream is not there any more.
  | "YAMUX_CONNECTION_LOST"
  | "YAMUX_SESSION_CLOSED"
  | "YAMUX_REMOTE_GO_AWAY"
  | "YAMUX_STREAMS_EXHAUSTED"
  | "YAMUX_STREAM_RESET"
  | "YAMUX_BUFFER_LIMIT"
  // The caller's mistake.
  | "YAMUX_BAD_OPTION";

/** A failure of a yamux session or stream. `facts` has `streamId` where one stream is concerned. */
export class YamuxError extends DrawbarError {
  declare readonly code: YamuxErrorCode;

  constructor(code: YamuxErrorCode, message: string, options?: DrawbarErrorOptions) {
    super(code, message, options);
  }
}
