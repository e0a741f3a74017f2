import { type LaunchSettings, PluginClient } from "drawbar";
import type { CaProvider } from "../provider/ca-provider.ts";
import { pluginVersion, providerHandshake, providerPluginName } from "./handshake.ts";
import { providerPlugins } from "./host-plugins.ts";

/** A provider in a process of its own. Its end ends the process. */
export interface ProviderProcess extends AsyncDisposable {
  readonly provider: CaProvider;
  /** The process: its id, its version and protocol, how it ended. */
  readonly client: Pick<PluginClient, "pid" | "version" | "protocol" | "exited" | "signal" | "ping" | "kill">;
}

/** How a provider plugin is started. */
export interface ProviderLaunch extends Omit<LaunchSettings, "handshake"> {
  /** Protocol versions to offer. Default: all there are; the highest that the plugin has too is used. */
  readonly versions?: readonly (keyof typeof providerPlugins)[];
}

/**
 * Starts a CA provider plugin of any version, Consul 1.6's included, and gives its provider. Rejects with
 * drawbar's PluginStartError if it cannot be started.
 */
export async function launchProvider(settings: ProviderLaunch): Promise<ProviderProcess> {
  const { versions = [pluginVersion.historic, pluginVersion.current], ...rest } = settings;
  const client = await PluginClient.launch({
    ...rest,
    handshake: providerHandshake,
    versionedPlugins: Object.fromEntries(versions.map((version) => [version, providerPlugins[version]])),
  });
  try {
    const provider = await client.dispense(providerPluginName);
    return { provider, client, [Symbol.asyncDispose]: () => client.kill() };
  } catch (error) {
    await client.kill();
    throw error;
  }
}
