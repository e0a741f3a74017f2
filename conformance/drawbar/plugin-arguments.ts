import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ServedPluginSet, ServeOptions } from "drawbar";

/**
 * How a plugin program of these tests is told to serve: `--versions 2,4`, `--network tcp`, and `--tls FOLDER` with
 * cert.pem, key.pem and ca.pem.
 */
export function servedAsTold(plugins: ServedPluginSet): Pick<ServeOptions, "plugins" | "versionedPlugins"> {
  const { values } = parseArgs({
    options: { versions: { type: "string" }, network: { type: "string" }, tls: { type: "string" } },
  });
  const { versions, network, tls } = values;
  const read = (name: string): string => readFileSync(join(tls ?? "", name), "utf8");
  return {
    ...(versions === undefined
      ? { plugins }
      : { versionedPlugins: Object.fromEntries(versions.split(",").map((version) => [version, plugins])) }),
    ...(network === "tcp" && { network }),
    ...(tls !== undefined && { tls: { cert: read("cert.pem"), key: read("key.pem"), ca: read("ca.pem") } }),
  };
}
