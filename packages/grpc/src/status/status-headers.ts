import { headerValue } from "../codec/header-list.ts";
import { percentDecode, percentEncode } from "../codec/percent-encoding.ts";
import { decodeBinaryValues, encodeBinaryValue } from "../metadata/binary-value.ts";
import { Metadata } from "../metadata/metadata.ts";
import { statusName } from "./status-code.ts";
import { StatusError } from "./status-error.ts";

/** The trailers that tell `error` (gRPC over HTTP/2, "Responses"), without its metadata. */
export function statusHeaders(error: StatusError): string[] {
  const headers = ["grpc-status", String(error.status)];
  if (error.statusMessage !== "") headers.push("grpc-message", percentEncode(error.statusMessage));
  if (error.details !== undefined) headers.push("grpc-status-details-bin", encodeBinaryValue(error.details));
  return headers;
}

/**
 * How the call ended according to `trailers`: undefined for OK. A status that is missing, malformed or not
 * one of gRPC's is UNKNOWN, with the value in `facts`.
 */
export function errorFromTrailers(trailers: readonly string[]): StatusError | undefined {
  const text = headerValue(trailers, "grpc-status");
  if (text === "0") return undefined;
  if (text === undefined) return new StatusError("UNKNOWN", "the answer ended without a grpc-status");
  const name = /^[0-9]{1,3}$/.test(text) ? statusName(Number(text)) : undefined;
  const message = percentDecode(headerValue(trailers, "grpc-message") ?? "");
  const options = { details: detailsIn(trailers), metadata: Metadata.fromHeaders(trailers) };
  if (name === "OK") return undefined;
  if (name !== undefined) return new StatusError(name, message, options);
  const explained = message === "" ? `the answer has an unknown grpc-status "${text.slice(0, 32)}"` : message;
  return new StatusError("UNKNOWN", explained, { ...options, facts: { grpcStatus: text } });
}

function detailsIn(trailers: readonly string[]): Uint8Array | undefined {
  const text = headerValue(trailers, "grpc-status-details-bin");
  return text === undefined ? undefined : decodeBinaryValues(text)?.[0];
}
