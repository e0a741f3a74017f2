import { DrawbarError, isDrawbarError } from "@drawbar/io";
import { Metadata } from "../metadata/metadata.ts";
import { StatusCode, type StatusName } from "./status-code.ts";

/** What a StatusError carries besides its code and message. */
export interface StatusErrorOptions {
  /** Serialized `google.rpc.Status`, sent as `grpc-status-details-bin`. */
  readonly details?: Uint8Array | undefined;
  /** Trailing metadata. */
  readonly metadata?: Metadata | undefined;
  readonly cause?: unknown;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * How a call failed. Clients' calls reject with it; a handler throws it to choose the status.
 *
 * `code` is the status' name in kebab case (`grpc-not-found`); `message` is the name and the text, `statusMessage` the text
 * alone as it goes over the wire.
 */
export class StatusError extends DrawbarError {
  readonly status: StatusCode;
  readonly statusName: StatusName;
  readonly statusMessage: string;
  readonly details: Uint8Array | undefined;
  readonly metadata: Metadata;

  constructor(name: StatusName, statusMessage: string, options: StatusErrorOptions = {}) {
    super(
      `grpc-${name.toLowerCase().replaceAll("_", "-")}`,
      statusMessage === "" ? name : `${name}: ${statusMessage}`,
      options,
    );
    this.status = StatusCode[name];
    this.statusName = name;
    this.statusMessage = statusMessage;
    this.details = options.details;
    this.metadata = options.metadata ?? new Metadata();
  }
}

/** True for a StatusError made by any copy of this package. */
export function isStatusError(value: unknown): value is StatusError {
  return isDrawbarError(value) && "statusName" in value && "statusMessage" in value && "status" in value;
}

/**
 * The status that a handler's failure stands for: a StatusError as it is, anything else UNKNOWN with the
 * error's own message, as grpc-go does with an error that is no status.
 */
export function toStatusError(value: unknown): StatusError {
  if (isStatusError(value)) return value;
  const text = value instanceof Error ? value.message : String(value);
  return new StatusError("UNKNOWN", text, { cause: value });
}
