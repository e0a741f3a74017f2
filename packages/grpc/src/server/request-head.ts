import { isGrpcContentType } from "../codec/content-type.ts";
import { decodeTimeout } from "../codec/timeout.ts";
import { StatusError } from "../status/status-error.ts";
import { statusHeaders } from "../status/status-headers.ts";
import type { Route, Routes } from "./routes.ts";

/** What request headers ask for. */
export interface AcceptedRequest {
  readonly kind: "accepted";
  readonly route: Route;
  readonly encoding: "identity" | "gzip";
  readonly takesGzip: boolean;
  readonly timeoutMs: number | undefined;
}

/** Why a request is not served: the headers to answer with. */
export interface RefusedRequest {
  readonly kind: "refused";
  readonly answer: readonly string[];
}

export type RequestHead = AcceptedRequest | RefusedRequest;

/** Judges request headers (gRPC over HTTP/2, "Requests"). */
export function readRequestHead(headers: readonly string[], routes: Routes): RequestHead {
  let path = "";
  let method = "";
  let contentType: string | undefined;
  let encoding = "identity";
  let takesGzip = false;
  let timeout: string | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const value = headers[i + 1] ?? "";
    switch (headers[i]) {
      case ":path":
        path = value;
        break;
      case ":method":
        method = value;
        break;
      case "content-type":
        contentType = value;
        break;
      case "grpc-encoding":
        encoding = value;
        break;
      case "grpc-accept-encoding":
        takesGzip ||= value.split(",").some((name) => name.trim() === "gzip");
        break;
      case "grpc-timeout":
        timeout = value;
        break;
    }
  }
  if (method !== "POST") return { kind: "refused", answer: [":status", "405", "allow", "POST"] };
  if (!isGrpcContentType(contentType)) return notGrpc(contentType);
  const timeoutMs = timeout === undefined ? undefined : decodeTimeout(timeout);
  if (timeout !== undefined && timeoutMs === undefined) {
    return refused(new StatusError("INTERNAL", `malformed grpc-timeout "${timeout.slice(0, 32)}"`));
  }
  const route = routes.find(path);
  if (route === undefined) return refused(routes.notFound(path));
  if (encoding !== "identity" && encoding !== "gzip") {
    const text = `grpc-encoding "${encoding.slice(0, 32)}" is not supported, gzip is`;
    return refused(new StatusError("UNIMPLEMENTED", text), ["grpc-accept-encoding", "gzip"]);
  }
  return { kind: "accepted", route, encoding, takesGzip, timeoutMs };
}

function refused(error: StatusError, extra: readonly string[] = []): RefusedRequest {
  const head = [":status", "200", "content-type", "application/grpc"];
  return { kind: "refused", answer: [...head, ...statusHeaders(error), ...extra] };
}

function notGrpc(contentType: string | undefined): RefusedRequest {
  const shown = contentType === undefined ? "no content-type" : `content-type "${contentType.slice(0, 64)}"`;
  const error = new StatusError("INVALID_ARGUMENT", `${shown}, expected application/grpc`);
  return {
    kind: "refused",
    answer: [":status", "415", "content-type", "application/grpc", ...statusHeaders(error)],
  };
}
