import { YamuxError } from "./errors.ts";
import type { FrameHeader } from "./frame.ts";

// What can end a session or refuse a request: one function per error, so that every message says what
// happened, what was expected, and what to do.

export function badStreamId(streamId: number, role: "client" | "server"): YamuxError {
  const expected =
    role === "client" ? "an even one, as the peer is the server" : "an odd one, as the peer is the client";
  return new YamuxError(
    "yamux-bad-stream-id",
    `the peer opened a stream with id ${streamId}, expected ${expected}: have both ends the same role?`,
    { facts: { streamId, role } },
  );
}

export function duplicateStream(streamId: number): YamuxError {
  return new YamuxError(
    "yamux-duplicate-stream",
    `the peer opened stream ${streamId}, which is open already`,
    {
      facts: { streamId },
    },
  );
}

/** @throws YamuxError yamux-window-exceeded for a frame without a stream that no stream could have had */
export function checkStrayLength(header: Readonly<FrameHeader>, length: number, windowBytes: number): void {
  if (length <= windowBytes) return;
  const { streamId } = header;
  throw new YamuxError(
    "yamux-window-exceeded",
    `the peer sent ${length} bytes on stream ${streamId}, which does not exist; no window is over ${windowBytes}`,
    { facts: { streamId, length, windowBytes } },
  );
}

export function flood(limits: { floodBurstFrames: number; floodFramesPerSecond: number }): YamuxError {
  const { floodBurstFrames, floodFramesPerSecond } = limits;
  return new YamuxError(
    "yamux-flood",
    "the peer sends too many frames that carry nothing (pings, empty frames, resets): more than " +
      `${floodBurstFrames} at once and ${floodFramesPerSecond} a second; see floodBurstFrames`,
    { facts: { floodBurstFrames, floodFramesPerSecond } },
  );
}

export function answersNotRead(maxQueuedAnswers: number): YamuxError {
  return new YamuxError(
    "yamux-flood",
    `the peer has asked for more than ${maxQueuedAnswers} answers and reads none; see maxQueuedAnswers`,
    { facts: { maxQueuedAnswers } },
  );
}

export function remoteError(goAwayCode: number): YamuxError {
  const facts = { goAwayCode };
  if (goAwayCode === 1) {
    const message = "the peer ended the session: it says that this side broke the protocol";
    return new YamuxError("yamux-remote-protocol-error", message, { facts });
  }
  if (goAwayCode === 2) {
    const message = "the peer ended the session: it says that it had an internal error";
    return new YamuxError("yamux-remote-internal-error", message, { facts });
  }
  const message = `the peer ended the session with the unknown code ${goAwayCode}, expected 0 to 2`;
  return new YamuxError("yamux-remote-unknown-error", message, { facts });
}

export function remoteGoAway(): YamuxError {
  return new YamuxError(
    "yamux-remote-go-away",
    "the peer takes no more streams on this session: open them on a new one",
  );
}

export function sessionClosed(cause: Error | undefined): YamuxError {
  return new YamuxError("yamux-session-closed", `the session is closed${because(cause)}`, { cause });
}

export function connectionLost(cause: Error | undefined): YamuxError {
  return new YamuxError("yamux-connection-lost", `the connection to the peer was lost${because(cause)}`, {
    cause,
  });
}

function because(cause: Error | undefined): string {
  return cause === undefined ? "" : `: ${cause.message}`;
}

export function streamsExhausted(): YamuxError {
  return new YamuxError(
    "yamux-streams-exhausted",
    "the session has used all its stream ids: start a new one",
  );
}

export function streamReset(streamId: number): YamuxError {
  return new YamuxError("yamux-stream-reset", `the peer reset stream ${streamId}, or refused it`, {
    facts: { streamId },
  });
}

export function keepAliveTimeout(timeoutMs: number): YamuxError {
  return new YamuxError(
    "yamux-keepalive-timeout",
    `the peer did not answer a ping for ${timeoutMs} ms: it is gone or stuck`,
    { facts: { timeoutMs } },
  );
}

export function writeTimeout(timeoutMs: number): YamuxError {
  return new YamuxError("yamux-write-timeout", `the connection has taken no bytes for ${timeoutMs} ms`, {
    facts: { timeoutMs },
  });
}

export function openTimeout(streamId: number, timeoutMs: number): YamuxError {
  return new YamuxError(
    "yamux-open-timeout",
    `the peer did not answer the opening of stream ${streamId} for ${timeoutMs} ms`,
    { facts: { streamId, timeoutMs } },
  );
}

export function closeTimeout(streamId: number, timeoutMs: number): YamuxError {
  return new YamuxError(
    "yamux-close-timeout",
    `stream ${streamId} was ended here and the peer has sent nothing, nor its end, for ${timeoutMs} ms`,
    { facts: { streamId, timeoutMs } },
  );
}

export function windowExceeded(streamId: number, length: number, windowBytes: number): YamuxError {
  return new YamuxError(
    "yamux-window-exceeded",
    `the peer sent ${length} bytes on stream ${streamId}, whose window had room for ${windowBytes}`,
    { facts: { streamId, length, windowBytes } },
  );
}

export function windowOverflow(streamId: number, delta: number, windowBytes: number): YamuxError {
  return new YamuxError(
    "yamux-window-overflow",
    `the peer added ${delta} bytes to the window of stream ${streamId}, which had ${windowBytes}: over 2^32 - 1`,
    { facts: { streamId, delta, windowBytes } },
  );
}

export function unexpectedFin(streamId: number): YamuxError {
  return new YamuxError("yamux-unexpected-fin", `the peer ended stream ${streamId} a second time`, {
    facts: { streamId },
  });
}

export function bufferLimit(streamId: number, maxBufferedBytes: number): YamuxError {
  return new YamuxError(
    "yamux-buffer-limit",
    `stream ${streamId} was reset: the session's streams hold ${maxBufferedBytes} bytes that nobody reads; ` +
      "resume or destroy paused streams, or raise maxBufferedBytes",
    { facts: { streamId, maxBufferedBytes } },
  );
}
