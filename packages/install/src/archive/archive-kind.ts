import { open } from "node:fs/promises";
import { InstallError } from "../install-error.ts";

/** How files are packed together and compressed. The single ones hold one program and nothing else. */
export type ArchiveKind =
  | "zip"
  | "tar"
  | "tar.gz"
  | "tar.xz"
  | "tar.zst"
  | "tar.bz2"
  | "gz"
  | "xz"
  | "zst"
  | "bz2";

const endings: readonly (readonly [ending: string, kind: ArchiveKind])[] = [
  [".zip", "zip"],
  [".tar", "tar"],
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar.xz", "tar.xz"],
  [".txz", "tar.xz"],
  [".tar.zst", "tar.zst"],
  [".tzst", "tar.zst"],
  [".tar.bz2", "tar.bz2"],
  [".tbz2", "tar.bz2"],
  [".tbz", "tar.bz2"],
  [".gz", "gz"],
  [".xz", "xz"],
  [".zst", "zst"],
  [".bz2", "bz2"],
];

type Format = "zip" | "tar" | "gz" | "xz" | "zst" | "bz2";

const magics: readonly (readonly [format: Format, offset: number, magic: Buffer])[] = [
  ["zip", 0, Buffer.from("PK\x03\x04", "latin1")],
  ["tar", 257, Buffer.from("ustar", "latin1")],
  ["gz", 0, Buffer.from("1f8b08", "hex")],
  ["xz", 0, Buffer.from("fd377a585a00", "hex")],
  ["zst", 0, Buffer.from("28b52ffd", "hex")],
  ["bz2", 0, Buffer.from("BZh", "latin1")],
];

/** The kind that a file's name says, or undefined where it is no archive's. */
export function archiveKindOfName(fileName: string): ArchiveKind | undefined {
  const name = fileName.toLowerCase();
  let found: readonly [string, ArchiveKind] | undefined;
  for (const pair of endings) {
    if (name.endsWith(pair[0]) && pair[0].length > (found?.[0].length ?? 0)) found = pair;
  }
  return found?.[1];
}

/**
 * The kind of archive that a file is, by its name and its first bytes, which must agree.
 * @param file where the bytes are
 * @param fileName what the source calls it
 * @returns undefined where neither speaks of an archive: the file is the program itself
 * @throws InstallError `bad-archive` where the name says one thing and the bytes another
 */
export async function archiveKind(file: string, fileName: string): Promise<ArchiveKind | undefined> {
  const named = archiveKindOfName(fileName);
  const format = formatOfBytes(await firstBytes(file));
  if (named === undefined && format === undefined) return undefined;
  const expected = named?.startsWith("tar.") ? named.slice("tar.".length) : named;
  if (expected === format) return named;
  throw new InstallError(
    "bad-archive",
    `${fileName} is not what its name says: its name says ${expected ?? "no archive"}, its first bytes say ${format ?? "no archive"}`,
    { facts: { fileName, named, format } },
  );
}

function formatOfBytes(bytes: Buffer): Format | undefined {
  return magics.find(([, offset, magic]) => bytes.subarray(offset, offset + magic.length).equals(magic))?.[0];
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const bytes = Buffer.alloc(512);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
