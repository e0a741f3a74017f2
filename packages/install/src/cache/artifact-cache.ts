import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent, isCode } from "../exclusive/file-system.ts";
import { type MutexOptions, withMutex } from "../exclusive/process-mutex.ts";
import { fileDigest } from "../verify/file-digest.ts";

/** A file whose bytes have the digest. */
export interface CachedFile {
  readonly path: string;
  /** Of sha256, in hexadecimal. */
  readonly digest: string;
}

/** How a file gets into the cache. */
export interface Fetching {
  /** What tells this file from others while it is not complete, such as its URL. */
  readonly key: string;
  readonly fileName: string;
  /** Writes the bytes; goes on with those that are there, if it can. */
  readonly fetch: (path: string) => Promise<void>;
  /** Rejects if the bytes are not what they should be. */
  readonly check: (file: CachedFile) => Promise<void>;
}

// A download that nobody went on with.
const forgottenMs = 7 * 24 * 3600_000;

/**
 * Fetched files by their sha256, for all projects of a user: `sha256/HEX/NAME`. Files that are not complete or not
 * checked lie in `partial/`, where the next try goes on.
 */
export class ArtifactCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file with that digest, which is checked at each use; a wrong one is removed. */
  async find(digest: string): Promise<CachedFile | undefined> {
    const folder = join(this.#folder, "sha256", digest);
    const [name] = (await ifPresent(readdir(folder))) ?? [];
    if (name === undefined) return undefined;
    const path = join(folder, name);
    if ((await ifPresent(fileDigest(path, "sha256"))) === digest) return { path, digest };
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }

  /** Takes a file away of which it turned out that nobody can use it. */
  async forget({ digest }: CachedFile): Promise<void> {
    await rm(join(this.#folder, "sha256", digest), { recursive: true, force: true });
  }

  /** Fetches a file and keeps it once `check` has let it pass; else nothing is left of it. */
  async fetch(fetching: Fetching, options: MutexOptions): Promise<CachedFile> {
    const partial = join(this.#folder, "partial");
    const folder = join(partial, createHash("sha256").update(fetching.key).digest("hex").slice(0, 32));
    await mkdir(partial, { recursive: true, mode: 0o700 });
    return withMutex(
      `${folder}.busy`,
      async () => {
        await forgetOld(partial);
        const path = join(folder, fetching.fileName);
        const begun = ((await ifPresent(stat(path)))?.size ?? 0) > 0;
        try {
          return await this.#fetchOnce(fetching, folder, path);
        } catch (error) {
          // The beginning may have been that of other bytes: then from nothing, once.
          if (!begun || !isCode(error, "checksum-mismatch")) throw error;
          return this.#fetchOnce(fetching, folder, path);
        }
      },
      options,
    );
  }

  async #fetchOnce({ fetch, check }: Fetching, folder: string, path: string): Promise<CachedFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await fetch(path);
    try {
      const file = { path, digest: await fileDigest(path, "sha256") };
      await check(file);
      return await this.#keep(file, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #keep({ path, digest }: CachedFile, partial: string): Promise<CachedFile> {
    const folder = join(this.#folder, "sha256", digest);
    const name = path.slice(partial.length + 1);
    for (const other of await readdir(partial)) {
      if (other !== name) await rm(join(partial, other), { recursive: true, force: true });
    }
    await mkdir(join(this.#folder, "sha256"), { recursive: true, mode: 0o700 });
    // What is there under this digest, if anything, may be damaged, and what is here was checked.
    for (let tries = 0; ; tries++) {
      try {
        await rename(partial, folder);
        return { path: join(folder, name), digest };
      } catch (error) {
        if (!isCode(error, "ENOTEMPTY", "EEXIST") || tries > 8) throw error;
        const kept = await this.find(digest);
        if (kept === undefined) continue;
        await rm(partial, { recursive: true, force: true });
        return kept;
      }
    }
  }
}

async function forgetOld(partial: string): Promise<void> {
  for (const name of await readdir(partial)) {
    const changed = (await ifPresent(stat(join(partial, name))))?.mtimeMs ?? Date.now();
    if (Date.now() - changed > forgottenMs) await rm(join(partial, name), { recursive: true, force: true });
  }
}
