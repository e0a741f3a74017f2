import { DrawbarError } from "@drawbar/io";

/** Every way in which a session or a stream can fail. Codes are stable. */
export type YamuxErrorCode =
  // The peer broke the protocol: the session ends with a go-away of code 1.
  | "yamux-bad-version"
  | "yamux-bad-frame-type"
  | "yamux-bad-stream-id"
  | "yamux-duplicate-stream"
  | "yamux-window-exceeded"
  | "yamux-window-overflow"
  | "yamux-unexpected-fin"
  | "yamux-flood"
  // The peer ended the session and said why.
  | "yamux-remote-protocol-error"
  | "yamux-remote-internal-error"
  | "yamux-remote-unknown-error"
  // Time ran out.
  | "yamux-keepalive-timeout"
  | "yamux-ping-timeout"
  | "yamux-write-timeout"
  | "yamux-open-timeout"
  | "yamux-close-timeout"
  // The session or the stream is not there any more.
  | "yamux-connection-lost"
  | "yamux-session-closed"
  | "yamux-remote-go-away"
  | "yamux-streams-exhausted"
  | "yamux-stream-reset"
  | "yamux-buffer-limit"
  // The caller's mistake.
  | "yamux-bad-option";

/** A failure of a yamux session or stream. `facts` has `streamId` where one stream is concerned. */
export class YamuxError extends DrawbarError<YamuxErrorCode> {}
