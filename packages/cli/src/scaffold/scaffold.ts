import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { CommandError } from "../command-error.ts";
import { packageRoot } from "../package-root.ts";
import { addLocalPackages, type LocalPackage, localSource } from "./local-packages.ts";
import { packageManifest } from "./package-manifest.ts";
import type { Project } from "./project.ts";
import { readme } from "./readme.ts";

// Which files are for one side alone.
const pluginFiles = ["src/plugin.ts", "src/greeter.ts", "test/plugin.test.ts"];
const hostFiles = ["src/host.ts", "test/host.test.ts"];

/**
 * Writes a project into a folder that is empty or not there yet. When it fails, nothing is left behind.
 *
 * @param from where drawbar's packages are taken from; undefined: the registry
 * @throws CommandError `folder-not-empty` or `source-invalid`
 */
export async function scaffold(folder: string, project: Project, from: string | undefined): Promise<void> {
  refuseFull(folder);
  const source = from === undefined ? undefined : localSource(from);
  const made = await mkdir(folder, { recursive: true });
  try {
    await fill(folder, project, source === undefined ? [] : await addLocalPackages(source, folder));
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    if (made !== undefined) await rm(made, { recursive: true });
    throw error;
  }
}

async function fill(folder: string, project: Project, local: readonly LocalPackage[]): Promise<void> {
  const unwanted = project.kind === "plugin" ? hostFiles : project.kind === "host" ? pluginFiles : [];
  for (const part of ["common", project.transport]) {
    const template = join(packageRoot(), "templates", part);
    const isWanted = (path: string): boolean =>
      !unwanted.includes(path.slice(template.length + 1).replaceAll("\\", "/"));
    await cp(template, folder, { recursive: true, filter: isWanted });
  }
  // npm leaves files of that name out of packages.
  await rename(join(folder, "gitignore"), join(folder, ".gitignore"));
  const manifest = packageManifest(project, local);
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, "README.md"), readme(project, await writeCookie(folder, project.name)));
}

function refuseFull(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  const [first] = found.isDirectory() ? readdirSync(folder) : [basename(folder)];
  if (first === undefined) return;
  const what = found.isDirectory() ? `holds ${first}` : "is a file";
  throw new CommandError("folder-not-empty", `${folder} ${what}; give a folder that is empty or not there`);
}

async function writeCookie(folder: string, name: string): Promise<string> {
  const path = join(folder, "src", "contract.ts");
  const key = `${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_PLUGIN`;
  const value = randomBytes(16).toString("hex");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("COOKIE_KEY", key).replace("COOKIE_VALUE", value));
  return `${key}=${value}`;
}
