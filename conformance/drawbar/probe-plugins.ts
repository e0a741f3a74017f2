import { fileURLToPath } from "node:url";

// From conformance/dist/drawbar, where this file runs. They are joined from what is beside it, to start sooner.
const bundles = new URL("../../bundle/", import.meta.url);

/** The path of our plugin of either transport, a program for node: probe-plugin.ts or netrpc-probe-plugin.ts. */
export function probePlugin(transport: "grpc" | "netrpc"): string {
  const name = transport === "grpc" ? "probe-plugin.js" : "netrpc-probe-plugin.js";
  return fileURLToPath(new URL(name, bundles));
}
