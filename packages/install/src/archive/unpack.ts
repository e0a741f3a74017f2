import { chmod, mkdir, rm, stat } from "node:fs/promises";
import { isDrawbarError, toError } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { badArchive } from "./archive-failure.ts";
import { type ArchiveKind, archiveKind } from "./archive-kind.ts";
import { inflate } from "./inflate/inflate.ts";
import { readSingle } from "./read-single.ts";
import { readTar } from "./tar/read-tar.ts";
import { UnpackBudget } from "./unpack-budget.ts";
import { defaultUnpackLimits, type UnpackLimits } from "./unpack-limits.ts";
import { type UnpackedFile, writeEntries } from "./write-entries.ts";

export interface UnpackOptions {
  /** What the source calls the archive: says its kind, and names the program of a single compressed file. */
  readonly fileName: string;
  readonly limits?: Partial<UnpackLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks an archive into a folder that it makes. It can write nowhere else, and makes folders and plain files
 * only, with the modes 0755 and 0644: an archive with links, devices, paths out of the folder, names that meet on
 * some system, or more than the limits allow is refused whole.
 * @param folder must not exist yet; its parent must. On failure it is gone again.
 * @throws InstallError `bad-archive`, `unsafe-archive`, `too-large` or `cancelled`
 */
export async function unpack(
  file: string,
  folder: string,
  options: UnpackOptions,
): Promise<readonly UnpackedFile[]> {
  const { fileName, signal } = options;
  const limits = { ...defaultUnpackLimits, ...options.limits };
  const kind = await archiveKind(file, fileName);
  if (kind === undefined) throw badArchive(`${fileName} is no archive`);
  const budget = new UnpackBudget(limits, (await stat(file)).size);
  await mkdir(folder, { mode: 0o700 });
  try {
    const entries = stoppable(await readEntries(kind, file, fileName, budget, limits), signal);
    const files = await writeEntries(entries, folder, budget, limits);
    if (files.length === 0) throw badArchive("it holds no file");
    await chmod(folder, 0o755);
    return files;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw failure(error, fileName, signal);
  }
}

async function readEntries(
  kind: ArchiveKind,
  file: string,
  fileName: string,
  budget: UnpackBudget,
  limits: UnpackLimits,
): Promise<AsyncIterable<ArchiveEntry>> {
  // Loaded late, as what inflates is: most uses of the package unpack nothing.
  if (kind === "zip") return (await import("./zip/read-zip.ts")).readZip(file, budget, limits);
  if (kind === "tar") return readTar(inflate("none", file, budget), limits);
  if (kind.startsWith("tar.")) return readTar(inflate(compressionOf(kind), file, budget), limits);
  return readSingle(inflate(compressionOf(kind), file, budget), fileName);
}

function compressionOf(kind: ArchiveKind): "gz" | "xz" | "zst" | "bz2" {
  switch (kind) {
    case "gz":
    case "tar.gz":
      return "gz";
    case "xz":
    case "tar.xz":
      return "xz";
    case "zst":
    case "tar.zst":
      return "zst";
    case "bz2":
    case "tar.bz2":
      return "bz2";
    default:
      throw badArchive(`${kind} is not compressed`);
  }
}

// Between two pieces is where a reader's work happens, and where an abort can be seen.
async function* stoppable(
  entries: AsyncIterable<ArchiveEntry>,
  signal: AbortSignal | undefined,
): AsyncIterable<ArchiveEntry> {
  for await (const entry of untilAborted(entries, signal)) {
    yield { ...entry, content: untilAborted(entry.content, signal) };
  }
}

async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncIterable<T> {
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}

function failure(error: unknown, fileName: string, signal: AbortSignal | undefined): Error {
  if (isDrawbarError(error)) return error;
  if (signal?.aborted)
    return new InstallError("cancelled", `unpacking ${fileName} was cancelled`, { cause: error });
  const { message } = toError(error);
  // Errors of the file system have a code of their own, and are not the archive's fault.
  if (error instanceof Error && "syscall" in error) {
    return new InstallError("bad-archive", `${fileName} could not be unpacked: ${message}`, { cause: error });
  }
  return badArchive(message, error);
}
