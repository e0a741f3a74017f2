import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ifPresent, replaceFile, sweep } from "../exclusive/file-system.ts";
import { withMutex } from "../exclusive/process-mutex.ts";
import { InstallError } from "../install-error.ts";
import { formatLock, type LockDocument, type LockedPlugin, parseLock } from "./lock-document.ts";

/** Default, in the working folder. */
export const lockFileName: string = "drawbar.lock.json";

const longestLockBytes = 16 * 1024 * 1024;

/** `drawbar.lock.json`: read at each use, replaced whole, by one process at a time. */
export class LockFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What it says; nothing if there is none. @throws InstallError `bad-lock` */
  async read(): Promise<LockDocument> {
    const text = await ifPresent(readFile(this.path, "utf8"));
    if (text === undefined) return { plugins: Object.create(null) };
    if (text.length > longestLockBytes) {
      throw new InstallError(
        "bad-lock",
        `${this.path} is longer than ${longestLockBytes} bytes, which no lock file is`,
      );
    }
    return parseLock(text, this.path);
  }

  async exists(): Promise<boolean> {
    return (await ifPresent(stat(this.path))) !== undefined;
  }

  async entry(name: string): Promise<LockedPlugin | undefined> {
    return (await this.read()).plugins[name];
  }

  /** Sets a plugin's entry, or takes it away, by what it is then. An entry that stays the same writes nothing. */
  async change(
    name: string,
    next: (current: LockedPlugin | undefined) => LockedPlugin | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const folder = dirname(this.path);
    const hidden = `.${basename(this.path)}.`;
    await withMutex(
      join(folder, `${hidden}mutex`),
      async () => {
        await sweep(folder, hidden);
        const document = await this.read();
        const plugins = { ...document.plugins };
        const entry = next(document.plugins[name]);
        if (entry === undefined) delete plugins[name];
        else plugins[name] = entry;
        const text = formatLock({ plugins });
        if (text !== formatLock(document)) await replaceFile(this.path, text);
      },
      { signal },
    );
  }
}
