import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, rm, stat, writeFile } from "node:fs/promises";

/** What has to be true of a server's file for its rest to fit what is here. */
export interface ResumeNote {
  /** A strong ETag, or Last-Modified. */
  readonly validator: string;
  readonly total: number | undefined;
}

/**
 * A download that may go on later: the bytes, and beside them `NAME.resume`, which says of which URL and version of the
 * file they are. Bytes without it are worth nothing.
 */
export class PartialFile {
  readonly file: string;
  readonly #notePath: string;
  /** A URL may hold a signature: its hash tells it as well. */
  readonly #of: string;

  constructor(file: string, url: string) {
    this.file = file;
    this.#notePath = `${file}.resume`;
    this.#of = createHash("sha256").update(url).digest("hex");
  }

  /** How many bytes can be gone on from, and what must still be true. Undefined: none. */
  async state(): Promise<{ readonly size: number; readonly note: ResumeNote } | undefined> {
    const note = await this.#readNote();
    if (note === undefined) return undefined;
    const size = await stat(this.file).then(
      (stats) => (stats.isFile() ? stats.size : 0),
      () => 0,
    );
    return size === 0 ? undefined : { size, note };
  }

  /** Opens it empty. Without a note what is written cannot be gone on from. */
  async restart(note: ResumeNote | undefined): Promise<FileHandle> {
    await rm(this.#notePath, { force: true });
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    const handle = await open(this.file, O_WRONLY | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0), 0o600);
    if (note !== undefined)
      await writeFile(this.#notePath, JSON.stringify({ of: this.#of, ...note }), { mode: 0o600 });
    return handle;
  }

  /** Opens it for more at its end. */
  continue(): Promise<FileHandle> {
    const { O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;
    return open(this.file, O_WRONLY | O_APPEND | (O_NOFOLLOW ?? 0));
  }

  async complete(): Promise<void> {
    await rm(this.#notePath, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#notePath, { force: true });
    await rm(this.file, { force: true });
  }

  async #readNote(): Promise<ResumeNote | undefined> {
    const text = await readFile(this.#notePath, "utf8").catch(() => "");
    const note = parseNote(text);
    return note?.of === this.#of ? note : undefined;
  }
}

// A write may have been cut off: what is not whole counts as nothing.
function parseNote(text: string): (ResumeNote & { readonly of: string }) | undefined {
  const match = /^\{"of":"([0-9a-f]{64})","validator":("(?:[^"\\]|\\.)*")(?:,"total":(\d+))?\}$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const validator: unknown = JSON.parse(match[2]);
  if (typeof validator !== "string") return undefined;
  return { of: match[1], validator, total: match[3] === undefined ? undefined : Number(match[3]) };
}
