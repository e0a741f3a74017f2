import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { processStamp } from "@drawbar/io/node";
import { InstallError } from "../install-error.ts";
import { manifestName } from "../manifest/manifest.ts";
import type { Platform } from "../source/platform.ts";
import { isPluginName } from "../store/plugin-name.ts";
import { formatProgramName, platformName } from "../store/program-name.ts";
import { readVersion } from "../version/parse-version.ts";
import { writeChecksumList } from "./write-checksum-list.ts";
import type { ZipSource } from "./write-zip.ts";

export interface PackOptions {
  readonly name: string;
  /** A semantic version, without `v`. */
  readonly version: string;
  /** What was built for each platform. */
  readonly builds: readonly PluginBuild[];
  /** Where the archives go. Made where it is missing; archives that are there are replaced. */
  readonly folder: string;
}

/** A program alone, or a folder with a program in it. */
export interface PluginBuild {
  readonly platform: Platform;
  readonly path: string;
  /** For a folder: the program, relative to it. */
  readonly program?: string | undefined;
}

export interface PackedPlugin {
  readonly archives: readonly string[];
  /** `NAME_VERSION_SHA256SUMS`: of these archives, and of those of the same version that were there before. */
  readonly checksums: string;
}

/**
 * Packs a plugin for each platform as `NAME_VERSION_os_arch.zip`, with a `manifest.json` that names the program, and
 * writes the list of their checksums. The same files give the same archives.
 * @throws InstallError `bad-manifest`, `bad-version`, `bad-source`
 */
export async function packPlugin(options: PackOptions): Promise<PackedPlugin> {
  const { name, version, builds, folder } = options;
  if (!isPluginName(name))
    throw new InstallError("bad-manifest", `${JSON.stringify(name)} is no name for a plugin`);
  if (readVersion(version) === undefined) {
    throw new InstallError("bad-version", `${JSON.stringify(version)} is no semantic version such as 1.2.0`);
  }
  await mkdir(folder, { recursive: true });
  const archives: string[] = [];
  for (const build of builds) archives.push(await packBuild(options, build));
  return { archives, checksums: await writeChecksumList(folder, `${name}_${version}`) };
}

async function packBuild({ name, version, folder }: PackOptions, build: PluginBuild): Promise<string> {
  const platform = platformName(build.platform);
  const { program, sources } = await sourcesOf(build, formatProgramName(name, version, build.platform));
  const manifest = `${JSON.stringify({ name, version, platform, program }, undefined, 2)}\n`;
  const about: ZipSource = {
    path: manifestName,
    content: { bytes: Buffer.from(manifest) },
    executable: false,
  };
  const { writeZip } = await import("./write-zip.ts");
  const archive = join(folder, `${name}_${version}_${platform}.zip`);
  const draft = join(folder, `.${basename(archive)}.${await processStamp()}`);
  try {
    await writeZip(draft, [...sources.filter(({ path }) => path !== manifestName), about]);
    await rename(draft, archive);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return archive;
}

async function sourcesOf(
  { path, program }: PluginBuild,
  ownName: string,
): Promise<{ readonly program: string; readonly sources: readonly ZipSource[] }> {
  if (!(await stat(path)).isDirectory()) {
    return { program: ownName, sources: [{ path: ownName, content: { file: path }, executable: true }] };
  }
  const files = await filesBelow(path);
  const found = program ?? (files.includes(ownName) ? ownName : undefined);
  if (found === undefined || !files.includes(found)) {
    const asked = found === undefined ? `no ${ownName}: say which file is the program` : `no ${found}`;
    throw new InstallError("bad-source", `${path} has ${asked}`, { facts: { files: files.slice(0, 50) } });
  }
  const sources = files.map(async (file): Promise<ZipSource> => {
    const { mode } = await stat(join(path, file));
    return {
      path: file,
      content: { file: join(path, file) },
      executable: file === found || (mode & 0o111) !== 0,
    };
  });
  return { program: found, sources: await Promise.all(sources) };
}

async function filesBelow(folder: string, prefix = ""): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) files.push(path);
    // It would be refused when it is unpacked.
    else throw new InstallError("bad-source", `${path} is neither a file nor a folder, and cannot be packed`);
  }
  return files;
}
