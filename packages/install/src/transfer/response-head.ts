import type { Response } from "./exchange.ts";

/** Reads the headers of an answer that downloads depend on. Of a header that came twice, the first counts. */
export function header(response: Response, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** The announced length of the body in bytes; undefined where it ends with the connection, or in chunks. */
export function contentLength(response: Response): number | undefined {
  const value = header(response, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** What makes sure that a later range is of the same bytes: a strong ETag, else the date of change (RFC 9110, 13.1.5). */
export function validatorOf(response: Response): string | undefined {
  const etag = header(response, "etag");
  return etag?.startsWith('"') ? etag : header(response, "last-modified");
}

/** `bytes 5-9/10`, or `bytes * /10` of an answer 416: where it starts, and how long the whole is. */
export function contentRange(
  response: Response,
): { readonly start: number | undefined; readonly total: number | undefined } | undefined {
  const match = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(
    header(response, "content-range") ?? "",
  );
  if (match === null) return undefined;
  const [, start, total] = match;
  return {
    start: start === undefined ? undefined : Number(start),
    total: total === undefined || total === "*" ? undefined : Number(total),
  };
}
