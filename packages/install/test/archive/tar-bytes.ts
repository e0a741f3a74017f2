/** A tar entry as a test wants it, possible or not. */
export interface TarPart {
  readonly name: string;
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly link?: string;
  /** Instead of the content's length, as it stands in the field. */
  readonly sizeField?: Uint8Array;
  /** Changes the header after its checksum was written. */
  readonly spoil?: (header: Buffer) => void;
}

export const tarEnd: Buffer = Buffer.alloc(1024);

/** A whole archive: parts and end. */
export function tar(...parts: readonly TarPart[]): Buffer {
  return Buffer.concat([...parts.map(tarPart), tarEnd]);
}

/** One header with its content, padded. */
export function tarPart(part: TarPart): Buffer {
  const content = Buffer.from(part.content ?? "");
  const header = Buffer.alloc(512);
  header.write(part.name, 0, 100);
  header.write(octal(part.mode ?? 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  if (part.sizeField !== undefined) header.set(part.sizeField, 124);
  header.write(octal(0, 11), 136);
  header.write("        ", 148);
  header.write(part.type ?? "0", 156);
  header.write(part.link ?? "", 157, 100);
  header.write("ustar\x0000", 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    ),
    148,
  );
  header[154] = 0;
  part.spoil?.(header);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** A pax header for the entry after it, or with `g` for all. */
export function pax(records: Readonly<Record<string, string>>, type = "x"): TarPart {
  const lines = Object.entries(records).map(([key, value]) => paxRecord(key, value));
  return { name: "PaxHeaders/x", type, content: lines.join("") };
}

function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, "0")}\0`;
}
