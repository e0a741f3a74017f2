import { PluginConfigError, PluginStartError } from "../errors.ts";
import type { NamedSettings, SomePlugins } from "./launch-options.ts";
import { launchPlugin } from "./launch-plugin.ts";
import type { FoundPlugin, PluginFinder } from "./plugin-finder.ts";
import type { PluginSession } from "./plugin-session.ts";

// A variable, so that no bundler takes along what only some hosts have.
const installer = "@drawbar/install";
const describeTimeoutMs = 10_000;

/** Finds an installed plugin and starts it. What it then states must be the version that is installed. */
export async function launchNamed(options: NamedSettings & SomePlugins): Promise<PluginSession> {
  const { plugin, version, finder = await loadFinder(), args = [], ...settings } = options;
  const found = await finder.find({ name: plugin, version });
  const { cmd, secureConfig } = found;
  const session = await launchPlugin({
    ...settings,
    cmd: [...cmd, ...args],
    secureConfig,
    plugin: undefined,
  });
  try {
    await checkStated(session, found);
    return session;
  } catch (error) {
    await session.kill();
    throw error;
  }
}

async function checkStated(session: PluginSession, found: FoundPlugin): Promise<void> {
  const stated = (await session.client.describe({ timeoutMs: describeTimeoutMs }))?.version;
  // One of another make does not say.
  if (stated === undefined || plain(stated) === plain(found.version)) return;
  throw new PluginStartError(
    "version-mismatch",
    `plugin ${found.name} is installed as version ${found.version}, and says that it is ${stated}: it was ended; ` +
      "have its program state the version that it is released as",
    { facts: { plugin: found.name, program: found.cmd[0], installed: found.version, stated } },
  );
}

// Neither the v of a tag nor the build's name makes another version.
function plain(version: string): string {
  return version.replace(/^v/, "").replace(/\+.*$/, "");
}

async function loadFinder(): Promise<PluginFinder> {
  try {
    const { pluginFinder } = (await import(installer)) as { readonly pluginFinder: () => PluginFinder };
    return pluginFinder();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new PluginConfigError(
      `to launch a plugin by its name, ${installer} must be installed (npm install ${installer}), or a finder be given`,
      { cause },
    );
  }
}
