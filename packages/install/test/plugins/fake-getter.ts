import { createHash } from "node:crypto";
import { appendFile, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type ClaimedDigest,
  type GetContext,
  type Getter,
  InstallError,
  type Release,
  type SourceAddress,
  type SumsDocument,
} from "@drawbar/install";

/** One version of a plugin, as the fake source has it. */
export interface FakeRelease {
  readonly fileName?: string;
  readonly bytes?: string | Uint8Array;
  /** By platform, `linux_arm64`, instead of the same for all. */
  readonly builds?: Readonly<Record<string, string>>;
  readonly digests?: readonly ClaimedDigest[];
  readonly sums?: SumsDocument;
  /** A folder instead of a file: text by path. */
  readonly tree?: Readonly<Record<string, string>>;
}

/** A source in memory: `fake::NAME`. It says what it was asked for. */
export class FakeGetter implements Getter {
  readonly name = "fake";
  readonly asked: string[] = [];
  /** Fetches end after so many bytes, as an interrupted download does. */
  breakAfter: number | undefined;
  #releases = new Map<string, Map<string, FakeRelease>>();

  offer(plugin: string, version: string, release: FakeRelease): void {
    const versions = this.#releases.get(plugin) ?? new Map<string, FakeRelease>();
    versions.set(version, release);
    this.#releases.set(plugin, versions);
  }

  async versions({ location }: SourceAddress): Promise<readonly string[]> {
    this.asked.push(`versions of ${location}`);
    return [...(this.#releases.get(location)?.keys() ?? [])];
  }

  async release(
    { location }: SourceAddress,
    version: string | undefined,
    { platform }: GetContext,
  ): Promise<Release> {
    this.asked.push(`${location} ${version}`);
    const release = this.#releases.get(location)?.get(version ?? "");
    if (release === undefined) throw new Error(`nobody offers ${location} ${version}`);
    const key = `${platform.os}_${platform.arch}`;
    const { fileName = location, builds, bytes = builds?.[key], digests = [], sums, tree } = release;
    const origin = `fake://${location}/${version}`;
    if (tree !== undefined) {
      return { version, artifact: { kind: "tree", origin, fetch: (folder) => writeTree(folder, tree) } };
    }
    if (bytes === undefined) throw new InstallError("no-platform-fits", `nothing for ${key}`);
    const fetch = (file: string, context: GetContext): Promise<void> =>
      this.#fetch(file, Buffer.from(bytes), context);
    return { version, artifact: { kind: "file", fileName, origin, digests, sums, fetch } };
  }

  async #fetch(file: string, bytes: Buffer, { onBytes }: GetContext): Promise<void> {
    const begun = await stat(file).then(
      ({ size }) => size,
      () => 0,
    );
    this.asked.push(`bytes from ${begun}`);
    await appendFile(file, bytes.subarray(begun, this.breakAfter));
    onBytes(bytes.length, bytes.length);
    if (this.breakAfter !== undefined) throw new Error("the connection was lost");
  }
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A program that prints a text. */
export function printing(text: string): string {
  return `#!/bin/sh\necho ${text}\n`;
}

export async function writeTree(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
