import type { ReattachConfig } from "drawbar";
import { UsageError } from "../usage-error.ts";

/**
 * A reattach config of a command line: one as `DRAWBAR_REATTACH` has it, or the only one of a
 * `TF_REATTACH_PROVIDERS`, with or without the variable's name before it.
 */
export function readReattach(text: string): ReattachConfig {
  const json = text.replace(/^[\s]*(export )?[A-Z_]+=/, "").replace(/^'(.*)'\s*$/s, "$1");
  const value = parse(json);
  if ("Pid" in value || "Addr" in value) return value as ReattachConfig;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    const names = entries.map(([name]) => name).join(", ");
    throw new UsageError(`--reattach holds ${entries.length} plugins (${names}); give the one that is meant`);
  }
  return first[1] as ReattachConfig;
}

function parse(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new UsageError("--reattach is no JSON object; give what the plugin printed for DRAWBAR_REATTACH");
}
