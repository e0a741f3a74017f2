import { PluginDispenseError } from "../errors.ts";
import type { ClientPlugin, PluginSet } from "../plugin/plugin.ts";

/** The plugin of that name in the negotiated set; throws PluginDispenseError if there is none. */
export function findPlugin(plugins: PluginSet, name: string, version: number): ClientPlugin {
  const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (plugin !== undefined) return plugin;
  throw new PluginDispenseError(
    "plugin-unknown",
    `unknown plugin type: ${name}; version ${version} has: ${Object.keys(plugins).join(", ") || "none"}`,
    { facts: { name, version } },
  );
}
