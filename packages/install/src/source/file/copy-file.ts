import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { InstallError } from "../../install-error.ts";

export interface CopyBounds {
  readonly maxBytes: number;
  /** Of the new file. */
  readonly mode: number;
  readonly signal: AbortSignal;
}

const chunkBytes = 1024 * 1024;

/**
 * Copies a file in pieces, so that it can be cancelled and cannot grow past its bound meanwhile.
 * @throws InstallError `not-found`, `too-large`, `cancelled`
 */
export async function copyFileWithin(
  from: string,
  to: string,
  bounds: CopyBounds,
  onBytes: (received: number, total: number) => void,
): Promise<void> {
  const source = await open(from, "r").catch((cause: unknown) => {
    throw new InstallError("not-found", `${from} cannot be read: ${String(cause)}`, { cause });
  });
  try {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    const target = await open(to, O_WRONLY | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0), bounds.mode);
    try {
      await pump(source, target, from, bounds, onBytes);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function pump(
  source: FileHandle,
  target: FileHandle,
  from: string,
  { maxBytes, signal }: CopyBounds,
  onBytes: (received: number, total: number) => void,
): Promise<void> {
  const { size } = await source.stat();
  if (size > maxBytes) throw tooLarge(from, maxBytes);
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size + 1));
  for (let received = 0; ; ) {
    if (signal.aborted)
      throw new InstallError("cancelled", `copying ${from} was cancelled`, { cause: signal.reason });
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    received += bytesRead;
    if (received > maxBytes) throw tooLarge(from, maxBytes);
    await target.writeFile(buffer.subarray(0, bytesRead));
    onBytes(received, Math.max(size, received));
  }
}

function tooLarge(from: string, maxBytes: number): InstallError {
  return new InstallError("too-large", `${from} is larger than the ${maxBytes} bytes that are allowed`);
}
