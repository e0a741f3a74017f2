import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command-error.ts";
import { packageRoot } from "../package-root.ts";
import { addLocalPackages } from "./local-packages.ts";
import { packageManifest } from "./package-manifest.ts";
import type { Project } from "./project.ts";
import { readme } from "./readme.ts";

// Which files are for one side alone.
const pluginFiles = ["src/plugin.ts", "src/greeter.ts", "test/plugin.test.ts"];
const hostFiles = ["src/host.ts", "test/host.test.ts"];

/**
 * Writes a project into a folder that is empty or not there yet.
 *
 * @param from where drawbar's packages are taken from; undefined: the registry
 * @throws CommandError `folder-not-empty`, before anything is written
 */
export async function scaffold(folder: string, project: Project, from: string | undefined): Promise<void> {
  refuseFull(folder);
  const local = from === undefined ? [] : await addLocalPackages(from, folder);
  const unwanted = project.kind === "plugin" ? hostFiles : project.kind === "host" ? pluginFiles : [];
  await mkdir(folder, { recursive: true });
  for (const part of ["common", project.transport]) {
    const source = join(packageRoot(), "templates", part);
    const isWanted = (path: string): boolean =>
      !unwanted.includes(path.slice(source.length + 1).replaceAll("\\", "/"));
    await cp(source, folder, { recursive: true, filter: isWanted });
  }
  // npm leaves files of that name out of packages.
  await rename(join(folder, "gitignore"), join(folder, ".gitignore"));
  const manifest = packageManifest(project, local);
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, "README.md"), readme(project, await writeCookie(folder, project.name)));
}

function refuseFull(folder: string): void {
  const [first] = existsSync(folder) ? readdirSync(folder) : [];
  if (first === undefined) return;
  throw new CommandError(
    "folder-not-empty",
    `${folder} holds ${first}; give a folder that is empty or not there`,
  );
}

async function writeCookie(folder: string, name: string): Promise<string> {
  const path = join(folder, "src", "contract.ts");
  const key = `${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_PLUGIN`;
  const value = randomBytes(16).toString("hex");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("COOKIE_KEY", key).replace("COOKIE_VALUE", value));
  return `${key}=${value}`;
}
