import type { LockedPlugin } from "../lock-file/lock-document.ts";
import { installedDigest } from "../store/installed-digest.ts";
import type { InstalledPlugin } from "../store/installed-plugin.ts";
import { platformName } from "../store/program-name.ts";
import { sameVersion } from "../version/parse-version.ts";
import type { InstallSettings } from "./install-settings.ts";

/** What was found of a plugin that the lock file has. */
export interface CheckedPlugin {
  readonly name: string;
  readonly version: string;
  /**
   * `altered`: its bytes are not what was installed. `other`: they are, but the lock file has another digest.
   */
  readonly state: "intact" | "missing" | "altered" | "other";
  readonly plugin: InstalledPlugin | undefined;
}

/** Holds what is installed against the lock file, by its bytes. */
export async function checkPlugin(
  name: string,
  entry: LockedPlugin,
  { store, platform }: Pick<InstallSettings, "store" | "platform">,
): Promise<CheckedPlugin> {
  const key = platformName(platform);
  const { version } = entry;
  const installed = (await store.list(name)).filter(
    (plugin) => plugin.platform === key && sameVersion(plugin.version, version),
  );
  const expected = entry.programs[key];
  const plugin = installed.find(({ digest }) => digest === expected) ?? installed[0];
  if (plugin === undefined) return { name, version, state: "missing", plugin };
  const found = await installedDigest(plugin);
  if (found !== plugin.digest) return { name, version, state: "altered", plugin };
  const known =
    expected === undefined
      ? plugin.hashes.some((hash) => entry.hashes[key]?.includes(hash))
      : expected === plugin.digest;
  return { name, version, state: known ? "intact" : "other", plugin };
}
