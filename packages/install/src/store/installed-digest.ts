import { ifPresent } from "../exclusive/file-system.ts";
import { manifestName } from "../manifest/manifest.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { treeDigest } from "../verify/tree-digest.ts";
import type { InstalledPlugin } from "./installed-plugin.ts";

/** The digest that an installed plugin has now, of the kind that its manifest has; undefined if the program is gone. */
export async function installedDigest(plugin: InstalledPlugin): Promise<string | undefined> {
  if (plugin.digest.startsWith("h1:")) return folderDigest(plugin.folder);
  const digest = await ifPresent(fileDigest(plugin.program, "sha256"));
  return digest === undefined ? undefined : `sha256:${digest}`;
}

/** Whether it is what was installed, as far as its own manifest knows. */
export async function isIntact(plugin: InstalledPlugin): Promise<boolean> {
  return (await installedDigest(plugin)) === plugin.digest;
}

/** `h1:…` of all that is installed in a folder, without the manifest, which holds it. */
export function folderDigest(folder: string): Promise<string> {
  return treeDigest(folder, { except: [manifestName] });
}
