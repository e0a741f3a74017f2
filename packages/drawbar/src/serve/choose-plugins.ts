import { PluginConfigError } from "../errors.ts";
import { chooseVersion, foldVersions, parseOfferedVersions } from "../handshake/choose-version.ts";
import type { Environment } from "../handshake/plugin-environment.ts";
import type { ServedPluginSet } from "../plugin/plugin.ts";
import type { ServeOptions } from "./serve-options.ts";

/** The version that a plugin program serves to this host, with its plugins. */
export function choosePlugins(
  options: ServeOptions,
  env: Environment,
  onInvalidVersion: (text: string) => void,
): { version: number; plugins: ServedPluginSet } {
  const sets = foldVersions(
    options.handshake.protocolVersion ?? 0,
    options.plugins,
    options.versionedPlugins,
  );
  const offered = parseOfferedVersions(env["PLUGIN_PROTOCOL_VERSIONS"] ?? "", onInvalidVersion);
  const version = chooseVersion([...sets.keys()], offered);
  const plugins = version === undefined ? undefined : sets.get(version);
  if (version === undefined || plugins === undefined) {
    throw new PluginConfigError("plugins or versionedPlugins must hold at least one plugin set");
  }
  return { version, plugins };
}
