import { crc32, deflateRawSync } from "node:zlib";

/** A zip entry as a test wants it, possible or not. */
export interface ZipPart {
  readonly name: string | Buffer;
  readonly content?: string | Uint8Array;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** Unix mode with its type. */
  readonly mode?: number;
  readonly localName?: string;
  readonly declaredBytes?: number;
  readonly crc?: number;
  /** Bytes behind the deflated data that count as part of it. */
  readonly hidden?: string;
  /** Takes the data of the part with this number, instead of data of its own. */
  readonly dataOf?: number;
}

export interface ZipOptions {
  readonly prefix?: string;
  readonly suffix?: string;
  /** Between the last entry and the directory. */
  readonly gap?: string;
  readonly declaredEntries?: number;
}

/** A whole archive (APPNOTE 4.3). */
export function zip(parts: readonly ZipPart[], options: ZipOptions = {}): Buffer {
  const chunks: Buffer[] = [Buffer.from(options.prefix ?? "")];
  const offsets: number[] = [];
  let offset = chunks[0]?.length ?? 0;
  for (const part of parts) {
    offsets.push(part.dataOf === undefined ? offset : (offsets[part.dataOf] ?? 0));
    if (part.dataOf !== undefined) continue;
    const local = Buffer.concat([localHeader(part), data(part)]);
    chunks.push(local);
    offset += local.length;
  }
  chunks.push(Buffer.from(options.gap ?? ""));
  offset += options.gap?.length ?? 0;
  const directory = Buffer.concat(parts.map((part, index) => directoryRecord(part, offsets[index] ?? 0)));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.declaredEntries ?? parts.length, 8);
  end.writeUInt16LE(options.declaredEntries ?? parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...chunks, directory, end, Buffer.from(options.suffix ?? "")]);
}

function content(part: ZipPart): Buffer {
  return Buffer.from(part.content ?? "");
}

function data(part: ZipPart): Buffer {
  if (part.stored) return content(part);
  return Buffer.concat([deflateRawSync(content(part)), Buffer.from(part.hidden ?? "")]);
}

/** The fields that both headers have, from "version needed" to "extra field length". */
function common(part: ZipPart, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(part.flags ?? 0x800, 2);
  fields.writeUInt16LE(part.method ?? (part.stored ? 0 : 8), 4);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(part.crc ?? crc32(content(part)), 10);
  fields.writeUInt32LE(data(part).length, 14);
  fields.writeUInt32LE(part.declaredBytes ?? content(part).length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(part: ZipPart): Buffer {
  const name = Buffer.from(part.localName ?? part.name);
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common(part, name), name]);
}

function directoryRecord(part: ZipPart, offset: number): Buffer {
  const name = Buffer.from(part.name);
  const madeBy = Buffer.from([20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((part.mode ?? 0) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), madeBy, common(part, name), rest, name]);
}
