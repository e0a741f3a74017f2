import { fileURLToPath } from "node:url";

// From conformance/dist/drawbar, where this file runs. They are built by scripts/lib/test-plugins.mjs.
const built = new URL("../../bundle/", import.meta.url);

/** The path of our plugin of either transport, a program for node: probe-plugin.ts or netrpc-probe-plugin.ts. */
export function probePlugin(transport: "grpc" | "netrpc"): string {
  return fileURLToPath(new URL(transport === "grpc" ? "probe-plugin" : "netrpc-probe-plugin", built));
}

/** The path of the plugin of examples/netrpc-args, a program for node. */
export const workshopPlugin: string = fileURLToPath(new URL("workshop-plugin", built));
