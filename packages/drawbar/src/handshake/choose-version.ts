import { parseGoInt } from "./go-text.ts";

/** The versions that a host offers, from `PLUGIN_PROTOCOL_VERSIONS`; what is no number is given to `onInvalid`. */
export function parseOfferedVersions(list: string, onInvalid: (text: string) => void): number[] {
  if (list === "") return [];
  const versions: number[] = [];
  for (const text of list.split(",")) {
    const version = parseGoInt(text);
    if (version === undefined) onInvalid(text);
    else versions.push(version);
  }
  return versions;
}

/**
 * The version that a plugin serves: the highest that the host offers too, else the plugin's lowest, so that
 * a host which offers nothing gets the oldest, and any other can say what is wrong.
 */
export function chooseVersion(own: readonly number[], offered: readonly number[]): number | undefined {
  const common = own.filter((version) => offered.includes(version));
  if (common.length > 0) return Math.max(...common);
  return own.length > 0 ? Math.min(...own) : undefined;
}

/** `plugins`, the set of one version, and `versionedPlugins` as one table by version. */
export function foldVersions<S>(
  protocolVersion: number,
  plugins: S | undefined,
  versionedPlugins: Readonly<Record<number, S>> | undefined,
): ReadonlyMap<number, S> {
  const sets = new Map<number, S>();
  for (const [version, set] of Object.entries(versionedPlugins ?? {})) sets.set(Number(version), set);
  // A set that was given for this very version is the more exact statement.
  if (plugins !== undefined && !sets.has(protocolVersion)) sets.set(protocolVersion, plugins);
  return new Map([...sets].sort(([a], [b]) => a - b));
}
