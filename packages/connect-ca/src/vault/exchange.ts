import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { onAbort } from "@drawbar/io";

/** One HTTP request, ready to be sent. */
export interface ExchangeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

export interface ExchangeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Opens a request; `http.request` or `https.request` with where to connect filled in. */
export type OpenRequest = (options: {
  method: string;
  path: string;
  headers: Record<string, string>;
}) => ClientRequest;

/** An exchange that did not end with an answer. */
export class ExchangeError extends Error {
  /** Whether the other side can have acted on the request. */
  readonly maySent: boolean;
  readonly kind: "connection" | "too-large" | "aborted";

  constructor(kind: ExchangeError["kind"], maySent: boolean, cause: unknown) {
    super(`exchange failed: ${kind}`, { cause });
    this.kind = kind;
    this.maySent = maySent;
  }
}

/**
 * Sends a request and collects its answer, at most `maxResponseBytes` of it. Rejects with an
 * ExchangeError. Redirects are an answer like any other.
 */
export function exchange(open: OpenRequest, wanted: ExchangeRequest): Promise<ExchangeResponse> {
  if (wanted.signal.aborted) {
    return Promise.reject(new ExchangeError("aborted", false, wanted.signal.reason));
  }
  return new Promise((resolve, reject) => {
    const request = open({ method: wanted.method, path: wanted.path, headers: headersOf(wanted) });
    let connected = request.reusedSocket;
    const fail = (kind: ExchangeError["kind"], cause: unknown): void => {
      stopListening();
      reject(new ExchangeError(kind, connected, cause));
      request.destroy();
    };
    const stopListening = onAbort(wanted.signal, (reason) => fail("aborted", reason));
    request.on("socket", (socket) => {
      if (!socket.connecting) connected = true;
      else socket.once("encrypted" in socket ? "secureConnect" : "connect", () => (connected = true));
    });
    request.on("error", (error) => fail("connection", error));
    request.on("response", (response) => {
      collect(response, wanted.maxResponseBytes, {
        done: (body) => {
          stopListening();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        },
        fail,
      });
    });
    request.end(wanted.body);
  });
}

function headersOf({ headers, body }: ExchangeRequest): Record<string, string> {
  if (body === undefined) return { ...headers };
  return {
    ...headers,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
  };
}

interface Collected {
  done(body: Buffer): void;
  fail(kind: ExchangeError["kind"], cause: unknown): void;
}

function collect(response: IncomingMessage, maxBytes: number, to: Collected): void {
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) {
    to.fail("too-large", undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  response.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) to.fail("too-large", undefined);
    else chunks.push(chunk);
  });
  response.on("error", (error) => to.fail("connection", error));
  response.on("end", () => to.done(Buffer.concat(chunks)));
}
