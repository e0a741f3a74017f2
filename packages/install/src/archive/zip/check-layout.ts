import type { ZipFile } from "yauzl";
import { badArchive, unsafeEntry } from "../archive-failure.ts";
import type { ZipEntry } from "./zip-entry.ts";

const maxDescriptorBytes = 24;
const endRecordBytes = 22;
/** Zip64's end record and its locator. */
const zip64EndBytes = 56 + 20;

/**
 * Every byte of the archive belongs to one entry, to the directory or to its end: entries that overlap are how
 * small archives become huge ones, and gaps are where an archive within the archive hides.
 */
export function checkLayout(entries: readonly ZipEntry[], zip: ZipFile): void {
  let end = 0;
  let slack = 0;
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    if (entry.start < end) throw unsafeEntry(entry.name, "shares bytes with another entry");
    if (entry.start > end + slack)
      throw badArchive(`${entry.start - end} bytes before ${entry.name} are no entry`);
    end = entry.end;
    slack = entry.described ? maxDescriptorBytes : 0;
  }
  const directoryStart = directoryOffset(entries, zip);
  if (end > directoryStart) throw badArchive("its entries reach into its directory");
  if (directoryStart > end + slack)
    throw badArchive("bytes between its entries and its directory are no entry");
}

// Yauzl has read the directory to its end, and knows where that was.
function directoryOffset(entries: readonly ZipEntry[], zip: ZipFile): number {
  const directoryEnd = Number(zip.readEntryCursor);
  const rest = zip.fileSize - directoryEnd - zip.comment.length - endRecordBytes;
  if (rest !== 0 && rest !== zip64EndBytes)
    throw badArchive("its directory has more entries than it says, or bytes follow it");
  let bytes = 0;
  for (const { raw } of entries)
    bytes += 46 + raw.fileNameLength + raw.extraFieldLength + raw.fileCommentLength;
  return directoryEnd - bytes;
}
