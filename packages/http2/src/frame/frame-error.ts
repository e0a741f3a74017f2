import type { ErrorCode } from "../errors.ts";

/** A frame that breaks RFC 9113: an error of its stream, or of the connection where `streamId` is 0. */
export class FrameError extends Error {
  readonly errorCode: ErrorCode;
  readonly streamId: number;

  constructor(errorCode: ErrorCode, message: string, streamId: number = 0) {
    super(message);
    this.errorCode = errorCode;
    this.streamId = streamId;
  }
}
