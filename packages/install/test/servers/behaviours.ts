import type { ServerResponse } from "node:http";
import type { Handler } from "./test-server.ts";

/** Answers by path, without the query; everything else is not found. */
export function routes(table: Readonly<Record<string, Handler>>): Handler {
  return (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const handler = Object.hasOwn(table, path) ? table[path] : undefined;
    (handler ?? status(404))(request, response);
  };
}

export interface FileOptions {
  /** `"…"`; null for none. */
  readonly etag?: string | null;
  readonly lastModified?: string;
  /** Whether ranges are understood. Default true. */
  readonly ranges?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file as a good server gives it: with ranges, and If-Range. */
export function file(bytes: Uint8Array | string, options: FileOptions = {}): Handler {
  const body = Buffer.from(bytes);
  const etag = options.etag === undefined ? `"${body.length}"` : options.etag;
  return (request, response) => {
    const validators = {
      ...options.headers,
      ...(etag === null ? {} : { etag }),
      ...(options.lastModified === undefined ? {} : { "last-modified": options.lastModified }),
    };
    const start = rangeStart(request.headers.range, options.ranges ?? true);
    const condition = request.headers["if-range"];
    const isSame = condition === undefined || condition === etag || condition === options.lastModified;
    if (start === undefined || !isSame) {
      response.writeHead(200, { ...validators, "content-length": body.length }).end(body);
    } else if (start >= body.length) {
      response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
    } else {
      const range = `bytes ${start}-${body.length - 1}/${body.length}`;
      const rest = body.subarray(start);
      response
        .writeHead(206, { ...validators, "content-range": range, "content-length": rest.length })
        .end(rest);
    }
  };
}

/** A bare answer. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ""): Handler {
  return (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
}

export function redirect(location: string, code = 302): Handler {
  return status(code, { location });
}

export function json(value: unknown): Handler {
  return (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
}

/** One behaviour after the other; the last one stays. */
export function inTurn(...handlers: readonly Handler[]): Handler {
  let index = 0;
  return (request, response) => {
    handlers[Math.min(index++, handlers.length - 1)]?.(request, response);
  };
}

/** Announces all bytes, gives the first of them, and cuts the connection. Understands no ranges. */
export function cutAfter(
  bytes: Uint8Array,
  count: number,
  headers: Readonly<Record<string, string>> = {},
): Handler {
  return (_request, response) => {
    response.writeHead(200, { ...headers, "content-length": bytes.length });
    response.write(bytes.subarray(0, count), () => response.socket?.destroySoon());
  };
}

/** Gives some bytes, and then nothing more, and never ends. */
export function dripThenStop(bytes: Uint8Array, announced: number): Handler {
  return (_request, response) => {
    response.writeHead(200, { "content-length": announced });
    response.write(bytes);
  };
}

/** Never stops giving, as fast as it is taken. */
export const endless: Handler = (_request, response) => {
  response.writeHead(200, {});
  const chunk = Buffer.alloc(64 * 1024);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {}
  };
  response.on("drain", more);
  more();
};

/** Takes a request, and says nothing. `seen` is called when it came. */
export function silent(seen: () => void): Handler {
  return () => seen();
}

/** Lets in who has the right `Authorization`. */
export function withLogin(authorization: string, inner: Handler, challenge = "Basic"): Handler {
  return (request, response) => {
    if (request.headers.authorization === authorization) inner(request, response);
    else response.writeHead(401, { "www-authenticate": challenge }).end("who are you?");
  };
}

/** Not HTTP at all. */
export const garbage: Handler = (_request, response: ServerResponse) => {
  response.socket?.end("SSH-2.0-nothing of HTTP\r\n\r\n");
};

function rangeStart(range: string | undefined, understood: boolean): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(range ?? "")?.[1];
  return understood && start !== undefined ? Number(start) : undefined;
}
