import { isGrpcContentType } from "../codec/content-type.ts";
import { headerValue } from "../codec/header-list.ts";
import { statusFromHttp } from "../status/http-status.ts";
import { StatusError } from "../status/status-error.ts";
import { errorFromTrailers } from "../status/status-headers.ts";

/** What response headers say about the messages that follow, or why there is no answer to expect. */
export type ResponseHead =
  | { readonly kind: "answer"; readonly encoding: "identity" | "gzip" }
  | { readonly kind: "refused"; readonly error: StatusError };

/** Judges response headers (gRPC over HTTP/2, "Responses"). */
export function readResponseHead(headers: readonly string[]): ResponseHead {
  const httpStatus = headerValue(headers, ":status") ?? "";
  const contentType = headerValue(headers, "content-type");
  const isGrpc = isGrpcContentType(contentType);
  if (httpStatus !== "200" || !isGrpc)
    return { kind: "refused", error: notGrpc(headers, httpStatus, contentType) };
  const encoding = headerValue(headers, "grpc-encoding") ?? "identity";
  if (encoding === "identity" || encoding === "gzip") return { kind: "answer", encoding };
  const text = `the answer is compressed with "${encoding}", only gzip was offered`;
  return { kind: "refused", error: new StatusError("INTERNAL", text) };
}

// A server that knows gRPC tells its status even where HTTP's own says no; a proxy in between does not.
function notGrpc(
  headers: readonly string[],
  httpStatus: string,
  contentType: string | undefined,
): StatusError {
  if (headerValue(headers, "grpc-status") !== undefined) {
    const told = errorFromTrailers(headers);
    if (told !== undefined) return told;
  }
  const name = httpStatus === "200" ? "UNKNOWN" : statusFromHttp(httpStatus);
  const shown = contentType === undefined ? "no content-type" : `content-type "${contentType.slice(0, 64)}"`;
  const text = `the answer is not gRPC: HTTP status ${httpStatus}, ${shown}, expected 200 and application/grpc`;
  return new StatusError(name, text, { facts: { httpStatus, contentType } });
}
