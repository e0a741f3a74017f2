import type { ArchiveEntry } from "../archive-entry.ts";
import { badArchive, tooLarge, unsafeEntry } from "../archive-failure.ts";
import { ByteSource } from "../byte-source.ts";
import type { UnpackLimits } from "../unpack-limits.ts";
import {
  type Extension,
  isExtension,
  joinExtensions,
  maxExtensionBytes,
  readExtension,
} from "./extension.ts";
import { readTarHeader, type TarHeader, tarBlockBytes } from "./tar-header.ts";

/**
 * The entries of a tar archive: ustar, pax and GNU's long names. Stricter than tar: no links, devices or sparse
 * files, nothing said twice, an end that is written out, and only zeros behind it.
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  limits: UnpackLimits,
): AsyncIterable<ArchiveEntry> {
  const source = new ByteSource(bytes);
  try {
    let extension: Extension = {};
    let headers = 0;
    for (;;) {
      const header = readTarHeader(await source.required(tarBlockBytes));
      if (header === undefined) break;
      // Headers that are no entries count too: they are read before anybody else counts.
      if (++headers > 3 * limits.maxEntries)
        throw tooLarge("has too many headers", { maxEntries: limits.maxEntries });
      if (isExtension(header)) {
        extension = joinExtensions(extension, readExtension(header, await readSmall(source, header)));
        continue;
      }
      const content = new EntryContent(source, extension.sizeBytes ?? header.sizeBytes);
      yield entry(header, extension, content);
      await content.skip();
      extension = {};
    }
    if (Object.keys(extension).length > 0) throw badArchive("it ends where an entry was announced");
    await readEnd(source);
  } finally {
    await source.close();
  }
}

async function readSmall(source: ByteSource, header: TarHeader): Promise<Uint8Array> {
  if (header.sizeBytes > maxExtensionBytes) {
    throw tooLarge(`has an extended header of more than ${maxExtensionBytes} bytes`, { maxExtensionBytes });
  }
  const bytes = await source.required(header.sizeBytes);
  await source.required(padding(header.sizeBytes));
  return bytes;
}

function entry(header: TarHeader, extension: Extension, content: EntryContent): ArchiveEntry {
  const name = extension.name ?? header.name;
  const kind = entryKind(header.type, name);
  if (kind === "folder" && content.sizeBytes > 0)
    throw unsafeEntry(name, "is a folder with bytes of its own");
  return { name, kind, executable: (header.mode & 0o111) !== 0, sizeBytes: content.sizeBytes, content };
}

const refusedTypes: Readonly<Record<string, string>> = {
  "1": "is a hard link, and links are not unpacked",
  "2": "is a symbolic link, and links are not unpacked",
  "3": "is a device",
  "4": "is a device",
  "6": "is a FIFO",
  S: "is a sparse file",
};

function entryKind(type: string, name: string): "file" | "folder" {
  if (type === "5") return "folder";
  if (type !== "0" && type !== "7")
    throw unsafeEntry(name, refusedTypes[type] ?? `has the unknown type ${type}`);
  // Before there was a type for folders, a file with a slash at its end was one.
  if (name.endsWith("/")) throw unsafeEntry(name, "is a file with the name of a folder");
  return "file";
}

/** One entry's bytes, of which the reader may take as many as it likes. */
class EntryContent implements AsyncIterable<Uint8Array> {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  #left: number;

  constructor(source: ByteSource, sizeBytes: number) {
    this.#source = source;
    this.sizeBytes = sizeBytes;
    this.#left = sizeBytes;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    while (this.#left > 0) {
      const chunk = await this.#source.upTo(this.#left);
      if (chunk === undefined) throw badArchive("it is cut short");
      this.#left -= chunk.length;
      yield chunk;
    }
  }

  /** Reads on to the next header. */
  async skip(): Promise<void> {
    for await (const _ of this);
    await this.#source.required(padding(this.sizeBytes));
  }
}

async function readEnd(source: ByteSource): Promise<void> {
  const second = await source.required(tarBlockBytes);
  for (
    let chunk: Uint8Array | undefined = second;
    chunk !== undefined;
    chunk = await source.upTo(64 * 1024)
  ) {
    if (chunk.some((byte) => byte !== 0)) throw badArchive("bytes follow the end of its tar data");
  }
}

function padding(bytes: number): number {
  return (tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes;
}
