import type { ErrorCode, Http2Error } from "@drawbar/http2";
import type { StatusName } from "./status-code.ts";
import { StatusError } from "./status-error.ts";

// gRPC over HTTP/2, "Errors": what a stream's reset stands for.
const byErrorCode: Readonly<Record<ErrorCode, StatusName>> = {
  NO_ERROR: "INTERNAL",
  PROTOCOL_ERROR: "INTERNAL",
  INTERNAL_ERROR: "INTERNAL",
  FLOW_CONTROL_ERROR: "INTERNAL",
  SETTINGS_TIMEOUT: "INTERNAL",
  STREAM_CLOSED: "INTERNAL",
  FRAME_SIZE_ERROR: "INTERNAL",
  REFUSED_STREAM: "UNAVAILABLE",
  CANCEL: "CANCELLED",
  COMPRESSION_ERROR: "INTERNAL",
  CONNECT_ERROR: "INTERNAL",
  ENHANCE_YOUR_CALM: "RESOURCE_EXHAUSTED",
  INADEQUATE_SECURITY: "PERMISSION_DENIED",
  HTTP_1_1_REQUIRED: "INTERNAL",
};

/** The status of a call whose stream ended early: reset by the peer, or lost with its connection. */
export function statusFromReset(error: Http2Error): StatusError {
  if (error.code !== "http2-stream-reset") {
    return new StatusError("UNAVAILABLE", describeLoss(error), { cause: error });
  }
  const text = `the peer reset the stream with ${error.errorCode}`;
  return new StatusError(byErrorCode[error.errorCode], text, { cause: error });
}

// Each fact once: an error of HTTP/2 mostly says what its cause says.
function describeLoss({ message, cause }: Http2Error): string {
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message}: ${cause.message}`
    : message;
}
