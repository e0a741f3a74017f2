import { open } from "node:fs/promises";
import { InstallError } from "../install-error.ts";
import type { Transfer, TransferRequest } from "../transfer/transfer.ts";
import { hasScheme } from "./address/split-address.ts";

/** Reads small documents that are either files of this machine or on the web. */
export interface DocumentReader {
  /** @throws InstallError */
  read(location: string, options: ReadOptions): Promise<Buffer>;
  /** Undefined if there is no such document; a server that forbids what it does not have says the same. */
  readIfThere(location: string, options: ReadOptions): Promise<Buffer | undefined>;
}

export type ReadOptions = Omit<TransferRequest, "url"> & { readonly maxBytes: number };

export function documentReader(transfer: Transfer): DocumentReader {
  const read = async (location: string, options: ReadOptions): Promise<Buffer> =>
    hasScheme(location)
      ? (await transfer.read({ ...options, url: location })).bytes
      : readLocal(location, options);
  return {
    read,
    async readIfThere(location, options) {
      try {
        return await read(location, options);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof InstallError)) return false;
  return error.code === "not-found" || error.facts["status"] === 403;
}

async function readLocal(path: string, { maxBytes }: ReadOptions): Promise<Buffer> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new InstallError("not-found", `${path} cannot be read`, { cause });
  });
  try {
    // One byte more than allowed: what a file says of its size may change.
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let more = 1; more > 0 && length < buffer.length; length += more)
      more = (await handle.read(buffer, length, buffer.length - length, null)).bytesRead;
    if (length > maxBytes) throw new InstallError("too-large", `${path} is larger than ${maxBytes} bytes`);
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}
