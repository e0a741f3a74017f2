import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { processStamp } from "@drawbar/io/node";
import { ifPresent, replaceFile } from "../exclusive/file-system.ts";
import { withMutex } from "../exclusive/process-mutex.ts";
import { InstallError } from "../install-error.ts";
import { readChecksumList } from "../verify/checksum-list.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { readVersion } from "../version/parse-version.ts";
import { contentHash, type ReleaseArchive, type ReleaseFiles } from "./read-release.ts";

/** What a publication has changed. */
export interface Published {
  readonly name: string;
  readonly version: string;
  /** Files that are new, by their names. Empty where all was there already. */
  readonly added: readonly string[];
}

export interface PublishOptions {
  readonly release: ReleaseFiles;
  /** The plugin's own folder within what a web server serves: `SITE/HOST/NAMESPACE/TYPE`. Made where it is missing. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Publishes a release into a folder that any static web server can serve, in the layout of Terraform's provider
 * network mirror protocol: `index.json`, `VERSION.json`, and beside them the archives, the list of checksums and its
 * signatures. What names a file comes after the file, each file appears whole, and what is there already stays.
 * @throws InstallError `already-published` where the version is there with other bytes: nothing is changed then
 */
export async function publishRelease({ release, folder, signal }: PublishOptions): Promise<Published> {
  await mkdir(folder, { recursive: true });
  return withMutex(join(folder, ".publishing"), () => publish(release, folder), { signal });
}

async function publish(release: ReleaseFiles, folder: string): Promise<Published> {
  const { name, version, archives, checksums, signatures } = release;
  await checkPlugin(release, folder);
  await checkList(release, folder);
  const missing: ReleaseArchive[] = [];
  for (const archive of archives) if (!(await isPublished(archive, folder, version))) missing.push(archive);
  const entries = new Map<string, VersionArchive>();
  for (const archive of archives) entries.set(archive.platform, await describe(archive));
  const added: string[] = [];
  for (const archive of missing) {
    await place(archive.path, join(folder, archive.fileName));
    added.push(archive.fileName);
  }
  for (const { fileName, bytes } of signatures) await writeIfNew(folder, fileName, bytes, added);
  await writeIfNew(folder, checksums.fileName, checksums.text, added);
  await writeIfNew(folder, `${version}.json`, await versionDocument(folder, version, entries), added);
  await writeIfNew(folder, "index.json", await indexDocument(folder, version), added);
  return { name, version, added };
}

/** An archive in `VERSION.json`. */
interface VersionArchive {
  readonly url: string;
  readonly hashes: readonly string[];
}

async function describe(archive: ReleaseArchive): Promise<VersionArchive> {
  return { url: archive.fileName, hashes: [await contentHash(archive), `zh:${archive.digest}`] };
}

// One folder is one plugin's: its index has versions and no names.
async function checkPlugin({ name, checksums }: ReleaseFiles, folder: string): Promise<void> {
  const others = (await readdir(folder)).filter(
    (file) => file.endsWith("_SHA256SUMS") && file !== checksums.fileName,
  );
  const other = others.find((file) => !file.startsWith(`${name}_`));
  if (other === undefined) return;
  throw new InstallError(
    "already-published",
    `${folder} is the folder of another plugin than ${name}: it has ${other}`,
  );
}

// Platforms may be added to a version that is published; what it has, it keeps.
async function checkList({ version, checksums }: ReleaseFiles, folder: string): Promise<void> {
  const text = await ifPresent(readFile(join(folder, checksums.fileName)));
  if (text === undefined) return;
  const list = readChecksumList(checksums.text, checksums.fileName);
  for (const [file, [published]] of readChecksumList(text, checksums.fileName)) {
    if (list.get(file)?.some(({ digest }) => digest === published?.digest)) continue;
    throw changed(version, file, list.has(file) ? "with other bytes" : "and is not in this release");
  }
}

async function isPublished(archive: ReleaseArchive, folder: string, version: string): Promise<boolean> {
  const digest = await ifPresent(fileDigest(join(folder, archive.fileName), "sha256"));
  if (digest !== undefined && digest !== archive.digest)
    throw changed(version, archive.fileName, "with other bytes");
  return digest !== undefined;
}

async function versionDocument(
  folder: string,
  version: string,
  entries: ReadonlyMap<string, VersionArchive>,
): Promise<Uint8Array> {
  const text = await ifPresent(readFile(join(folder, `${version}.json`), "utf8"));
  const before =
    text === undefined ? {} : (JSON.parse(text) as { archives: Record<string, VersionArchive> }).archives;
  const all = { ...before, ...Object.fromEntries(entries) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  return json({ archives: sorted });
}

async function indexDocument(folder: string, version: string): Promise<Uint8Array> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -5));
  const versions = [...new Set([...names, version])].filter((name) => readVersion(name) !== undefined).sort();
  return json({ versions: Object.fromEntries(versions.map((name) => [name, {}])) });
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

async function writeIfNew(
  folder: string,
  fileName: string,
  bytes: Uint8Array,
  added: string[],
): Promise<void> {
  const path = join(folder, fileName);
  const before = await ifPresent(readFile(path));
  if (before?.equals(bytes)) return;
  await replaceFile(path, bytes);
  added.push(fileName);
}

async function place(from: string, to: string): Promise<void> {
  const draft = `${to}.${await processStamp()}`;
  try {
    await copyFile(from, draft);
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function changed(version: string, file: string, how: string): InstallError {
  return new InstallError(
    "already-published",
    `version ${version} is published already, ${file} in it, ${how}; what is published does not change: ` +
      "publish a new version",
    { facts: { version, file } },
  );
}
