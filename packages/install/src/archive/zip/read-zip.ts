import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { isDrawbarError, toError } from "@drawbar/io";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import type { ArchiveEntry } from "../archive-entry.ts";
import { badArchive, unsafeEntry } from "../archive-failure.ts";
import type { UnpackBudget } from "../unpack-budget.ts";
import type { UnpackLimits } from "../unpack-limits.ts";
import { checkLayout } from "./check-layout.ts";
import { checkedEntry, type ZipEntry } from "./zip-entry.ts";

/**
 * The entries of a zip archive, read by yauzl. The whole directory is looked at before the first byte is inflated:
 * what it and the headers before the entries say must agree, and no two entries may share bytes.
 */
export async function* readZip(
  file: string,
  budget: UnpackBudget,
  limits: UnpackLimits,
): AsyncIterable<ArchiveEntry> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true, decodeStrings: false });
  try {
    for (const entry of await readDirectory(zip, budget, limits)) {
      const { name, kind, executable, sizeBytes } = entry;
      yield { name, kind, executable, sizeBytes, content: readContent(zip, entry, budget) };
    }
  } catch (error) {
    throw isDrawbarError(error) ? error : badArchive(toError(error).message, error);
  } finally {
    zip.close();
  }
}

async function readDirectory(
  zip: ZipFile,
  budget: UnpackBudget,
  limits: UnpackLimits,
): Promise<readonly ZipEntry[]> {
  // Checked here since it is only a claim so far, and counted as the entries are written.
  if (zip.entryCount > limits.maxEntries) budget.countEntries(zip.entryCount);
  const entries: ZipEntry[] = [];
  let totalBytes = 0;
  for await (const entry of eachEntry(zip)) {
    const checked = checkedEntry(entry, await zip.readLocalFileHeaderPromise(entry));
    budget.checkFile(checked.name, checked.sizeBytes);
    totalBytes += checked.sizeBytes;
    budget.checkTotal(totalBytes);
    entries.push(checked);
  }
  checkLayout(entries, zip);
  return entries;
}

async function* eachEntry(zip: ZipFile): AsyncIterable<Entry> {
  yield* zip.eachEntry();
}

async function* readContent(zip: ZipFile, entry: ZipEntry, budget: UnpackBudget): AsyncIterable<Uint8Array> {
  if (entry.kind === "folder") return;
  let crc = 0;
  let bytes = 0;
  for await (const chunk of await openContent(zip, entry)) {
    bytes += chunk.length;
    // Here, and not by the reader of the entry alone: it is what the archive declares that may lie.
    if (bytes > entry.sizeBytes)
      throw unsafeEntry(entry.name, `inflates to more than the ${entry.sizeBytes} bytes it declares`);
    budget.countBytes(chunk.length);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (bytes < entry.sizeBytes)
    throw badArchive(`${entry.name} has ${bytes} bytes and declares ${entry.sizeBytes}`);
  if (crc !== entry.crc32) throw badArchive(`the CRC-32 of ${entry.name} is wrong`);
}

async function openContent(zip: ZipFile, entry: ZipEntry): Promise<AsyncIterable<Uint8Array>> {
  const raw = await zip.openReadStreamPromise(entry.raw, { decodeFileData: false });
  return entry.deflated ? inflated(raw, entry) : raw;
}

async function* inflated(raw: Readable, entry: ZipEntry): AsyncIterable<Uint8Array> {
  const decoder = createInflateRaw({ chunkSize: 256 * 1024 });
  yield* pipeline(raw, decoder, () => undefined);
  // Deflate knows its own end, and what follows it would be carried along unseen.
  const extra = entry.compressedBytes - decoder.bytesWritten;
  if (extra !== 0) throw badArchive(`${extra} bytes follow the deflated data of ${entry.name}`);
}
