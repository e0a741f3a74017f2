import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import { isPluginName } from "../store/plugin-name.ts";
import { readVersion } from "../version/parse-version.ts";

/** What lies beside an installed program as `manifest.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** `linux_amd64`. */
  readonly platform: string;
  /** The program, relative to the manifest, with `/`. */
  readonly program: string;
  /** `sha256:HEX` of the program, or `h1:…` of everything installed where it needs the files beside it. */
  readonly digest: string;
  /** Where it came from, without credentials. */
  readonly origin: string;
  /** Of what was fetched, as in the lock file. */
  readonly hashes: readonly string[];
}

export const manifestName: string = "manifest.json";

/** The manifest of an installed plugin's folder; undefined if there is none. @throws InstallError `bad-manifest` */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  const text = await ifPresent(readFile(path, "utf8"));
  if (text === undefined) return undefined;
  const manifest = parse(text);
  if (manifest !== undefined) return manifest;
  throw new InstallError(
    "bad-manifest",
    `${path} is no manifest of an installed plugin; install the plugin again`,
    {
      facts: { path },
    },
  );
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { name, version, platform, program, digest, origin, hashes } = manifest;
  const ordered = { name, version, platform, program, digest, origin, hashes };
  await writeFile(join(folder, manifestName), `${JSON.stringify(ordered, undefined, 2)}\n`);
}

function parse(text: string): Manifest | undefined {
  let value: Partial<Record<keyof Manifest, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { name, version, platform, program, digest, origin, hashes } = value ?? {};
  if (![name, version, platform, program, digest, origin].every((field) => typeof field === "string"))
    return undefined;
  if (!isPluginName(String(name)) || readVersion(String(version)) === undefined) return undefined;
  // It could lead out of the plugin's folder.
  if (!staysWithin(String(program)) || !Array.isArray(hashes)) return undefined;
  return value as Manifest;
}

/** Whether a relative path with `/` stays in its folder. */
export function staysWithin(path: string): boolean {
  return path !== "" && !/^\/|\\|^[A-Za-z]:|\0/.test(path) && !path.split("/").includes("..");
}
