import { badArchive, tooLarge } from "../archive-failure.ts";
import { ByteSource } from "../byte-source.ts";

/** What `zstd` itself uses at most without `--ultra` and `--long`. */
const maxWindowBytes = 64 * 2 ** 20;
/** RFC 8878, section 3.1.1.2.4. */
const maxBlockBytes = 128 * 1024;

/**
 * Zstandard's frames (RFC 8878) cut into header, blocks and checksum, so that each piece inflates to one block at
 * most. Refuses windows that are too large to hold, dictionaries, and whatever is no frame.
 */
export async function* zstdPieces(compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = new ByteSource(compressed);
  try {
    for (;;) {
      const magic = await source.exactly(4);
      if (magic === undefined) return;
      const number = view(magic).getUint32(0, true);
      if (number === 0xfd2fb528) yield* frame(source, magic);
      else if (number >>> 4 === 0x184d2a5) await skipFrame(source);
      else throw badArchive("bytes follow its zstd data");
    }
  } finally {
    await source.close();
  }
}

async function* frame(source: ByteSource, magic: Uint8Array): AsyncIterable<Uint8Array> {
  const [descriptor = 0] = await source.required(1);
  if ((descriptor & 0b1000) !== 0) throw badArchive("a zstd frame sets a reserved bit");
  if ((descriptor & 0b11) !== 0) throw badArchive("a zstd frame needs a dictionary");
  const singleSegment = (descriptor & 0b10_0000) !== 0;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const rest = await source.required((singleSegment ? 0 : 1) + sizeBytes);
  checkWindow(singleSegment ? contentSize(rest) : windowSize(rest[0] ?? 0));
  yield Buffer.concat([magic, Uint8Array.of(descriptor), rest]);
  for (let last = false; !last; ) {
    const header = await source.required(3);
    const bits = (header[0] ?? 0) | ((header[1] ?? 0) << 8) | ((header[2] ?? 0) << 16);
    last = (bits & 1) !== 0;
    yield Buffer.concat([header, await source.required(blockLength((bits >>> 1) & 3, bits >>> 3))]);
  }
  if ((descriptor & 0b100) !== 0) yield await source.required(4);
}

function blockLength(type: number, sizeBytes: number): number {
  if (sizeBytes > maxBlockBytes || type === 3) throw badArchive("a zstd block is not as blocks are");
  // A run says its length, and is one byte.
  return type === 1 ? 1 : sizeBytes;
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(field: Uint8Array): number {
  const bytes = view(field);
  if (field.length === 1) return bytes.getUint8(0);
  if (field.length === 2) return bytes.getUint16(0, true) + 256;
  return field.length === 4 ? bytes.getUint32(0, true) : Number(bytes.getBigUint64(0, true));
}

function checkWindow(windowBytes: number): void {
  if (windowBytes <= maxWindowBytes) return;
  throw tooLarge(`needs a zstd window of ${windowBytes} bytes, more than ${maxWindowBytes}`, {
    maxWindowBytes,
  });
}

async function skipFrame(source: ByteSource): Promise<void> {
  let bytes = view(await source.required(4)).getUint32(0, true);
  while (bytes > 0) {
    const skipped = await source.upTo(Math.min(bytes, maxBlockBytes));
    if (skipped === undefined) throw badArchive("it is cut short");
    bytes -= skipped.length;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
