import { InstallError } from "../install-error.ts";
import type { Arrival } from "./follow.ts";
import { contentLength, header } from "./response-head.ts";
import type { Outcome } from "./retry.ts";
import { showUrl } from "./show-url.ts";
import { statusFailure } from "./status-failure.ts";
import type { HttpDocument } from "./transfer.ts";

/** Reads a whole answer into memory, at most `maxBytes`. */
export async function readDocument(
  arrival: Arrival,
  maxBytes: number,
  onBytes: (bytes: number) => void,
): Promise<Outcome<HttpDocument>> {
  const { url, response } = arrival;
  const where = showUrl(url);
  try {
    if (response.statusCode !== 200) return { kind: "failed", ...statusFailure(arrival) };
    const encoding = header(response, "content-encoding") ?? "identity";
    if (encoding !== "identity")
      throw new InstallError("refused", `${where} came compressed (${encoding}), though nobody asked for it`);
    if ((contentLength(response) ?? 0) > maxBytes) throw tooLarge(where, maxBytes);
    const parts: Buffer[] = [];
    let received = 0;
    for await (const part of response.body) {
      received += part.length;
      onBytes(part.length);
      if (received > maxBytes) throw tooLarge(where, maxBytes);
      parts.push(part);
    }
    return {
      kind: "done",
      value: { bytes: Buffer.concat(parts), url, headers: plainHeaders(response.headers) },
    };
  } finally {
    response.discard();
  }
}

/** What came, or was announced, is more than may be. */
export function tooLarge(where: string, maxBytes: number): InstallError {
  return new InstallError("too-large", `${where} is larger than the ${maxBytes} bytes that are allowed`, {
    facts: { url: where, maxBytes },
  });
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(", ")] as const],
    ),
  );
}
