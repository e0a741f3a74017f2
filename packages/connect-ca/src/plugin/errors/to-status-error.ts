import { StatusCode, StatusError } from "@drawbar/grpc";
import { isDrawbarError, toError } from "@drawbar/io";
import { encodeErrorInfo } from "./error-info.ts";
import { errorKinds } from "./error-kinds.ts";

/** A provider's error as the status of a call. What is unknown to hosts is `ca-backend-failed`. */
export function toStatusError(error: unknown): StatusError {
  const { message } = toError(error);
  const known = isDrawbarError(error) && errorKinds.has(error.code) ? error.code : "ca-backend-failed";
  const status = errorKinds.get(known)?.status ?? "INTERNAL";
  const details = encodeErrorInfo(StatusCode[status], message, known);
  return new StatusError(status, message, { details, cause: error });
}
