import type { FileHandle } from "node:fs/promises";

const batchBytes = 1024 * 1024;

/** Writes what arrives in pieces in fewer and larger ones, and takes more while it writes. */
export class WriteBehind {
  readonly #handle: FileHandle;
  #filling: Buffer = Buffer.allocUnsafe(batchBytes);
  #writing: Buffer = Buffer.allocUnsafe(batchBytes);
  #length = 0;
  #pending: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Copies the piece. Rejects if an earlier one could not be written. */
  async add(piece: Buffer): Promise<void> {
    for (let rest = piece; rest.length > 0; ) {
      const copied = rest.copy(this.#filling, this.#length);
      this.#length += copied;
      rest = rest.subarray(copied);
      if (this.#length === batchBytes) await this.#write();
    }
  }

  /** Resolves once all is written. */
  async flush(): Promise<void> {
    await this.#write();
    await this.#pending;
  }

  async #write(): Promise<void> {
    await this.#pending;
    const bytes = this.#filling.subarray(0, this.#length);
    [this.#filling, this.#writing] = [this.#writing, this.#filling];
    this.#length = 0;
    this.#pending = writeAll(this.#handle, bytes);
    // Whoever adds or flushes next is told.
    this.#pending.catch(() => {});
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    const { bytesWritten } = await handle.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}
