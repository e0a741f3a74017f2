import type { ErrorCode } from "../errors.ts";

/** The states of RFC 9113 §5.1 that a stream without push can be in. */
export type StreamState = "idle" | "open" | "half-closed-local" | "half-closed-remote" | "closed";

/** Frames whose reception depends on the state. */
export type StreamFrame = "DATA" | "HEADERS" | "RST_STREAM" | "WINDOW_UPDATE";

/** What to do with a received frame. */
export type Verdict =
  | { readonly kind: "accept" }
  | { readonly kind: "ignore" }
  | { readonly kind: "error"; readonly scope: "stream" | "connection"; readonly errorCode: ErrorCode };

/** The state after END_STREAM was sent. */
export function afterEndSent(state: StreamState): StreamState {
  return state === "half-closed-remote" || state === "closed" ? "closed" : "half-closed-local";
}

/** The state after END_STREAM was received. */
export function afterEndReceived(state: StreamState): StreamState {
  return state === "half-closed-local" || state === "closed" ? "closed" : "half-closed-remote";
}

/** True while the peer may send DATA and HEADERS. */
export function remoteOpen(state: StreamState): boolean {
  return state === "open" || state === "half-closed-local";
}

const accept: Verdict = { kind: "accept" };
const ignore: Verdict = { kind: "ignore" };
const idleError: Verdict = { kind: "error", scope: "connection", errorCode: "PROTOCOL_ERROR" };
const closedStream: Verdict = { kind: "error", scope: "stream", errorCode: "STREAM_CLOSED" };
const closedConnection: Verdict = { kind: "error", scope: "connection", errorCode: "STREAM_CLOSED" };

const table: Readonly<Record<StreamState, Readonly<Record<StreamFrame, Verdict>>>> = {
  // HEADERS that open a stream never meet this table.
  idle: { DATA: idleError, HEADERS: idleError, RST_STREAM: idleError, WINDOW_UPDATE: idleError },
  open: { DATA: accept, HEADERS: accept, RST_STREAM: accept, WINDOW_UPDATE: accept },
  "half-closed-local": { DATA: accept, HEADERS: accept, RST_STREAM: accept, WINDOW_UPDATE: accept },
  "half-closed-remote": {
    DATA: closedStream,
    HEADERS: closedStream,
    RST_STREAM: accept,
    WINDOW_UPDATE: accept,
  },
  // The last two may have been on their way while the stream closed.
  closed: { DATA: closedConnection, HEADERS: closedConnection, RST_STREAM: ignore, WINDOW_UPDATE: ignore },
};

/** What RFC 9113 §5.1 says of a frame that is received in a state. */
export function verdictOn(frame: StreamFrame, state: StreamState): Verdict {
  return table[state][frame];
}
