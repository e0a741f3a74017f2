import { randomBytes } from "node:crypto";
import { link, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessIdentity, processState, readOwnIdentity } from "@drawbar/io/node";
import { isCode, readIfPresent, removeIfPresent } from "./durable-file.ts";
import { StoreError } from "./store-error.ts";

const lockName = /^lock\.([1-9][0-9]{0,14})$/;
const released = "released";

/**
 * The right of one process to use a folder. Node has no lock that the system lifts at a process's death, so
 * the right is a row of files `lock.1`, `lock.2` …: the highest counts and names its holder. Whoever finds
 * the holder dead makes the next one, which the system lets only one process do, and then removes those
 * below. The highest is never removed while it counts, so nobody can take over from a holder that he saw
 * before it was replaced.
 */
export class ProcessLock implements AsyncDisposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Throws `ca-store-locked` if another process has the folder, or if that cannot be told.
   *
   * @param takeOver do not ask who had it before: the caller knows that nobody has
   */
  static async acquire(folder: string, takeOver = false): Promise<ProcessLock> {
    const identity = await readOwnIdentity();
    const found = await lockNumbers(folder);
    const last = found.at(-1) ?? 0;
    if (last > 0 && !takeOver) await checkFree(join(folder, `lock.${last}`), identity);
    const path = join(folder, `lock.${last + 1}`);
    await createWhole(path, JSON.stringify(identity));
    const highest = (await lockNumbers(folder)).at(-1);
    if (highest !== last + 1) {
      await removeIfPresent(path);
      throw locked(path, "another process opened it at the same time");
    }
    for (const number of found) await removeIfPresent(join(folder, `lock.${number}`));
    return new ProcessLock(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const draft = await writeDraft(this.#path, released);
    await rename(draft, this.#path);
  }
}

/** Numbers of the locks in a folder, rising. */
async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => lockName.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((one, other) => one - other);
}

async function checkFree(path: string, self: ProcessIdentity): Promise<void> {
  const bytes = await readIfPresent(path);
  const text = Buffer.from(bytes ?? []).toString();
  if (text === released) return;
  const holder = readIdentity(text);
  // Holders write their names before the file appears, and `released` in one piece: this is neither.
  if (holder === undefined) throw locked(path, "its holder cannot be read");
  switch (processState(holder, self)) {
    case "ended":
      return;
    case "running":
      throw locked(path, `process ${holder.pid} has it open`);
    case "unknown":
      throw locked(
        path,
        `process ${holder.pid} on ${holder.host} had it open, which cannot be seen from here`,
      );
  }
}

function readIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity> | null;
    if (typeof value?.pid !== "number") return undefined;
    const { pid, started = "", boot = "", space = "", host = "" } = value;
    return { pid, started, boot, space, host };
  } catch {
    return undefined;
  }
}

/** Makes a file that is there with all its content or not at all, and that nobody else has made. */
async function createWhole(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    throw locked(path, "another process opened it at the same time");
  } finally {
    await removeIfPresent(draft);
  }
}

/** Synced, so that a machine that loses its power leaves no lock without a name in it. */
async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

function locked(path: string, why: string): StoreError {
  const advice = `end that process; if you are sure that none uses the store, open it with takeOver`;
  return new StoreError("ca-store-locked", `the store is in use: ${why}; ${advice}`, {
    facts: { lock: path },
  });
}
