import { createHash, randomInt } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ownerHasEnded, pidOfStamp, processStamp } from "@drawbar/io/node";
import { InstallError } from "../install-error.ts";
import { ifPresent, isCode } from "./file-system.ts";

/** How one waits for another process. */
export interface MutexOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once if another process has to be waited for. */
  readonly onWait?: (pid: number) => void;
}

// A holder writes his name before the file appears, but on file systems without hard links.
const namelessMs = 10_000;

/**
 * Runs `work` while no other process, and no other call in this one, runs under the same path. The file at `path`
 * names the process that has the right; it is removed afterwards. What a process that was killed has left is taken
 * over; one on another machine or in another container is waited for, for its end cannot be seen.
 *
 * @throws InstallError `cancelled`
 */
export async function withMutex<T>(
  path: string,
  work: () => Promise<T>,
  options: MutexOptions = {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, options);
  try {
    await sweepBeside(path);
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, { signal, onWait }: MutexOptions): Promise<void> {
  const stamp = await processStamp();
  for (let waited = false; !(await create(path, stamp)); ) {
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (holder.ended) {
      if (await takeAway(path, holder.stamp)) continue;
    } else if (!waited) {
      waited = true;
      onWait?.(pidOfStamp(holder.stamp));
    }
    await pause(path, signal);
  }
}

async function pause(path: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(randomInt(10, 60), undefined, signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new InstallError("cancelled", `cancelled while another process was waited for (${path})`, {
      cause,
    });
  }
}

async function holderOf(
  path: string,
): Promise<{ readonly stamp: string; readonly ended: boolean } | undefined> {
  const stamp = await ifPresent(readFile(path, "utf8"));
  if (stamp === undefined) return undefined;
  if (pidOfStamp(stamp) > 0) return { stamp, ended: (await ownerHasEnded(stamp)) === true };
  const since = await ifPresent(stat(path));
  return since === undefined ? undefined : { stamp, ended: Date.now() - since.mtimeMs > namelessMs };
}

/**
 * Removes what a dead holder left. Only whoever makes the file beside it may do so, and looks again before: else one
 * process could remove what another has taken over in the meantime.
 */
async function takeAway(path: string, stamp: string): Promise<boolean> {
  const right = `${path}~${createHash("sha256").update(stamp).digest("hex").slice(0, 12)}`;
  if (!(await create(right, await processStamp()))) {
    const holder = await holderOf(right);
    return holder?.ended === true && takeAway(right, holder.stamp);
  }
  try {
    if ((await ifPresent(readFile(path, "utf8"))) === stamp) await rm(path, { force: true });
    return true;
  } finally {
    await rm(right, { force: true });
  }
}

/**
 * Removes what dead processes left on their way to the file: drafts, and rights to take over from holders before this
 * one, which mean nothing any more. `~` is in no plugin's name, so that the file of another plugin is none of these.
 */
async function sweepBeside(path: string): Promise<void> {
  const [folder, own] = [dirname(path), basename(path)];
  for (const name of await readdir(folder)) {
    const rest = name.startsWith(own) ? name.slice(own.length) : "";
    const isRight = /^~[0-9a-f]{12}$/.test(rest);
    const isDraft = /^[.~]/.test(rest) && (await ownerHasEnded(name)) === true;
    // Another process may be sweeping the same.
    if (isRight || isDraft) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

/** Makes the file with all its text, unless there is one. */
async function create(path: string, stamp: string): Promise<boolean> {
  const draft = `${path}.${stamp}`;
  try {
    await writeFile(draft, stamp, { flag: "wx", mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    if (isCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) return createInPlace(path, stamp);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function createInPlace(path: string, stamp: string): Promise<boolean> {
  try {
    await writeFile(path, stamp, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}
