import type { StatusName } from "./status-code.ts";

const byHttpStatus: Readonly<Record<string, StatusName>> = {
  "400": "INTERNAL",
  "401": "UNAUTHENTICATED",
  "403": "PERMISSION_DENIED",
  "404": "UNIMPLEMENTED",
  "429": "UNAVAILABLE",
  "502": "UNAVAILABLE",
  "503": "UNAVAILABLE",
  "504": "UNAVAILABLE",
};

/** What an HTTP status stands for when the answer is not gRPC's own ("HTTP to gRPC Status Code Mapping"). */
export function statusFromHttp(httpStatus: string): StatusName {
  return byHttpStatus[httpStatus] ?? "UNKNOWN";
}
