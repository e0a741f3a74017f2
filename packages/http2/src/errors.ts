import { DrawbarError, type DrawbarErrorOptions } from "@drawbar/io";

/** The error codes of HTTP/2 by name (RFC 9113 §7). */
export type ErrorCode =
  | "NO_ERROR"
  | "PROTOCOL_ERROR"
  | "INTERNAL_ERROR"
  | "FLOW_CONTROL_ERROR"
  | "SETTINGS_TIMEOUT"
  | "STREAM_CLOSED"
  | "FRAME_SIZE_ERROR"
  | "REFUSED_STREAM"
  | "CANCEL"
  | "COMPRESSION_ERROR"
  | "CONNECT_ERROR"
  | "ENHANCE_YOUR_CALM"
  | "INADEQUATE_SECURITY"
  | "HTTP_1_1_REQUIRED";

// In the order of their numbers on the wire.
const names: readonly ErrorCode[] = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

/** The code's number on the wire. */
export function errorCodeNumber(code: ErrorCode): number {
  return names.indexOf(code);
}

/** The name of a number from the wire; an unknown one counts as INTERNAL_ERROR (RFC 9113 §7). */
export function errorCodeName(number: number): ErrorCode {
  return names[number] ?? "INTERNAL_ERROR";
}

/** What an Http2Error is about; also its `code`. */
export type Http2ErrorKind =
  /** One stream ended by RST_STREAM, ours or the peer's. */
  | "http2-stream-reset"
  /** The peer will not act on the stream: GOAWAY, or the connection is closing. */
  | "http2-goaway"
  /** The connection ended by a violation, a limit or a timeout. */
  | "http2-connection-error"
  /** The byte stream below ended or failed. */
  | "http2-connection-lost"
  /** A header list given to be sent cannot be expressed in HTTP/2. */
  | "http2-invalid-header"
  /** A call that the state of the stream or connection does not allow. */
  | "http2-invalid-use";

/** An HTTP/2 failure. `facts` holds `streamId` where one is concerned. */
export class Http2Error extends DrawbarError {
  /** The HTTP/2 error code that was received, sent, or that describes the failure best. */
  readonly errorCode: ErrorCode;
  /** True when the peer surely did not act on the stream, so that it may be tried again elsewhere. */
  readonly unprocessed: boolean;

  constructor(
    kind: Http2ErrorKind,
    errorCode: ErrorCode,
    message: string,
    options?: DrawbarErrorOptions & { readonly unprocessed?: boolean },
  ) {
    super(kind, message, options);
    this.errorCode = errorCode;
    this.unprocessed = options?.unprocessed ?? false;
  }
}
