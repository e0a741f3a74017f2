import { copyFile, mkdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { archiveKind } from "../archive/archive-kind.ts";
import { unpack } from "../archive/unpack.ts";
import type { CachedFile } from "../cache/artifact-cache.ts";
import { ifPresent, isCode } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import type { FileArtifact, GetContext, Release, TreeArtifact } from "../source/getter.ts";
import { platformName } from "../store/program-name.ts";
import { treeDigest } from "../verify/tree-digest.ts";
import type { InstallSettings } from "./install-settings.ts";
import { type Verified, verifyArtifact, verifyContent, verifyTree } from "./verify-artifact.ts";

/** What was fetched, verified, and lies in a folder that nobody else looks at. */
export interface Content {
  readonly folder: string;
  readonly origin: string;
  /** What an artefact's name or its list of checksums tells. */
  readonly version: string | undefined;
  /** By platform, for the lock file: this one's, and those of others that a signed list tells. */
  readonly hashes: Readonly<Record<string, readonly string[]>>;
}

/** Fetches a release into `folder`, which does not exist yet, unless the cache has it. */
export async function fetchContent(
  release: Release,
  locked: readonly string[] | undefined,
  folder: string,
  settings: InstallSettings,
  context: GetContext,
): Promise<Content> {
  const { artifact, version } = release;
  if (artifact.kind === "tree")
    return { version, ...(await fetchTree(artifact, locked, folder, settings, context)) };
  let verified: Verified | undefined;
  const check = async (file: CachedFile): Promise<void> => {
    verified = await verifyArtifact(artifact, file, locked, settings.trust);
  };
  const file = await obtain(artifact, version, locked, check, settings, context);
  const content = await usable(file, settings, async () => {
    const unpacked = await unpackContent(file, artifact.fileName, folder, version, settings, context);
    await verifyContent(artifact, folder);
    return unpacked;
  });
  const hashes = { ...verified?.others, [platformName(settings.platform)]: [`sha256:${file.digest}`] };
  return { ...content, origin: artifact.origin, hashes };
}

/** What the lock file names and the cache has, without asking anybody; undefined if it has none of it. */
export async function cachedContent(
  entry: { readonly version: string; readonly source: string },
  locked: readonly string[],
  folder: string,
  settings: InstallSettings,
  context: GetContext,
): Promise<Content | undefined> {
  for (const digest of sha256Of(locked)) {
    const file = await settings.cache.find(digest);
    if (file === undefined) continue;
    const content = await unpackContent(file, basename(file.path), folder, entry.version, settings, context);
    return {
      ...content,
      origin: entry.source,
      hashes: { [platformName(settings.platform)]: [`sha256:${digest}`] },
    };
  }
  return undefined;
}

/** The folder after `//` in a source. @throws InstallError `not-found` */
export async function subfolder(folder: string, subdir: string | undefined, source: string): Promise<string> {
  if (subdir === undefined) return folder;
  const path = join(folder, subdir);
  if ((await ifPresent(stat(path)))?.isDirectory()) return path;
  throw new InstallError("not-found", `there is no folder ${subdir} in ${source}`, {
    facts: { source, subdir },
  });
}

async function obtain(
  artifact: FileArtifact,
  version: string | undefined,
  locked: readonly string[] | undefined,
  check: (file: CachedFile) => Promise<void>,
  settings: InstallSettings,
  context: GetContext,
): Promise<CachedFile> {
  const claimed = artifact.digests.filter(({ hash }) => hash === "sha256").map(({ digest }) => digest);
  for (const digest of [...sha256Of(locked ?? []), ...claimed]) {
    const file = await settings.cache.find(digest);
    if (file === undefined) continue;
    await check(file);
    return file;
  }
  const { fileName, origin } = artifact;
  const key = `${origin}\n${version ?? ""}\n${fileName}`;
  const fetch = (path: string): Promise<void> => artifact.fetch(path, context);
  const onWait = (pid: number): void => settings.onProgress({ kind: "waiting", name: context.name, pid });
  return settings.cache.fetch({ key, fileName, fetch, check }, { signal: context.signal, onWait });
}

/** What cannot be unpacked safely, or holds something else than was said, is not kept either. */
async function usable<T>(file: CachedFile, { cache }: InstallSettings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCode(error, "unsafe-archive", "bad-archive", "too-large", "checksum-mismatch"))
      await cache.forget(file);
    throw error;
  }
}

async function unpackContent(
  file: CachedFile,
  fileName: string,
  folder: string,
  version: string | undefined,
  { unpackLimits, onProgress }: InstallSettings,
  { name, signal }: GetContext,
): Promise<Pick<Content, "folder" | "version">> {
  onProgress({ kind: "unpacking", name, version });
  if ((await archiveKind(file.path, fileName)) === undefined) {
    await mkdir(folder);
    await copyFile(file.path, join(folder, fileName));
  } else {
    await unpack(file.path, folder, { fileName, limits: unpackLimits, signal });
  }
  return { folder, version };
}

async function fetchTree(
  artifact: TreeArtifact,
  locked: readonly string[] | undefined,
  folder: string,
  settings: InstallSettings,
  context: GetContext,
): Promise<Omit<Content, "version">> {
  await mkdir(folder);
  await artifact.fetch(folder, context);
  const digest = await treeDigest(folder);
  verifyTree(artifact, digest, locked, settings.trust);
  return { folder, origin: artifact.origin, hashes: { [platformName(settings.platform)]: [digest] } };
}

function sha256Of(hashes: readonly string[]): string[] {
  return hashes.flatMap((hash) => (hash.startsWith("sha256:") ? [hash.slice("sha256:".length)] : []));
}
