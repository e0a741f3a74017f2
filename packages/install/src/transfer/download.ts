import { InstallError } from "../install-error.ts";
import type { Response } from "./exchange.ts";
import type { Arrival } from "./follow.ts";
import type { PartialFile, ResumeNote } from "./partial-file.ts";
import { tooLarge } from "./read-document.ts";
import { contentLength, contentRange, validatorOf } from "./response-head.ts";
import type { Outcome } from "./retry.ts";
import { showUrl } from "./show-url.ts";
import { statusFailure } from "./status-failure.ts";
import { WriteBehind } from "./write-behind.ts";

/** One try of a download, and what it needs. */
export interface Download {
  readonly partial: PartialFile;
  readonly maxBytes: number;
  readonly onBytes: (received: number, total: number | undefined) => void;
  readonly ask: (headers: Readonly<Record<string, string>>) => Promise<Arrival>;
  /** Starts to count how fast a body comes. */
  readonly watch: (arrival: Arrival) => (bytes: number) => void;
}

/** Where the bytes of an answer belong. */
type Plan =
  | { readonly kind: "complete" }
  | { readonly kind: "from"; readonly offset: number; readonly total: number | undefined }
  | { readonly kind: "again" };

/** Goes on where an earlier try ended, if the server still has the same bytes. */
export async function downloadOnce(download: Download): Promise<Outcome<void>> {
  const { partial } = download;
  const state = await partial.state();
  const arrival = await download.ask(
    state === undefined ? {} : { range: `bytes=${state.size}-`, "if-range": state.note.validator },
  );
  const { response } = arrival;
  try {
    const plan = planOf(response, state);
    if (plan === undefined) return { kind: "failed", ...statusFailure(arrival) };
    if (plan.kind === "from") {
      const failure = await receive(download, arrival, plan.offset, plan.total);
      if (failure !== undefined) return { kind: "failed", error: failure, retry: true };
    }
    if (plan.kind !== "again") {
      await partial.complete();
      return { kind: "done", value: undefined };
    }
    await partial.remove();
  } finally {
    response.discard();
  }
  return downloadOnce(download);
}

function planOf(
  response: Response,
  state: { readonly size: number; readonly note: ResumeNote } | undefined,
): Plan | undefined {
  if (response.statusCode === 200) return { kind: "from", offset: 0, total: contentLength(response) };
  if (state === undefined) return undefined;
  const range = contentRange(response);
  const same = (range?.total ?? state.note.total) === (state.note.total ?? range?.total);
  if (response.statusCode === 416)
    return same && range?.total === state.size ? { kind: "complete" } : { kind: "again" };
  if (response.statusCode !== 206) return undefined;
  // A server that answers with another range, or with a file of another size, is asked for everything.
  if (!same || range?.start !== state.size) return { kind: "again" };
  return { kind: "from", offset: state.size, total: range.total };
}

async function receive(
  download: Download,
  arrival: Arrival,
  offset: number,
  total: number | undefined,
): Promise<InstallError | undefined> {
  const { partial, maxBytes, onBytes } = download;
  const where = showUrl(arrival.url);
  if ((total ?? 0) > maxBytes) throw tooLarge(where, maxBytes);
  const validator = validatorOf(arrival.response);
  const handle =
    offset > 0
      ? await partial.continue()
      : await partial.restart(validator === undefined ? undefined : { validator, total });
  const file = new WriteBehind(handle);
  try {
    const count = download.watch(arrival);
    let received = offset;
    onBytes(received, total);
    for await (const part of arrival.response.body) {
      received += part.length;
      if (received > maxBytes) throw tooLarge(where, maxBytes);
      await file.add(part).catch(notStored);
      count(part.length);
      onBytes(received, total);
    }
    return total === undefined || received === total ? undefined : wrongLength(where, received, total);
  } finally {
    // Also what came before the connection was cut, so that the next try goes on from there.
    await file
      .flush()
      .catch(notStored)
      .finally(() => handle.close());
  }
}

function wrongLength(where: string, received: number, total: number): InstallError {
  return new InstallError("interrupted", `${where} ended after ${received} of ${total} bytes`, {
    facts: { url: where, received, total },
  });
}

// Not to be taken for a failure of the network, which would be tried again.
function notStored(cause: unknown): never {
  throw new InstallError("not-stored", `the download could not be written: ${String(cause)}`, { cause });
}
