import { DrawbarError } from "@drawbar/io";
import type { Environment } from "../handshake/plugin-environment.ts";

/** The ports that a plugin on TCP may listen on, as its host says; `0` to `0` lets the system choose. */
export function portRangeFromHost(env: Environment): { min: number; max: number } {
  const min = readPort(env, "PLUGIN_MIN_PORT");
  const max = readPort(env, "PLUGIN_MAX_PORT");
  if (min > max) {
    throw new DrawbarError(
      "port-range-invalid",
      `PLUGIN_MIN_PORT value of ${min} is greater than PLUGIN_MAX_PORT value of ${max}; the host must set both`,
    );
  }
  return { min, max };
}

function readPort(env: Environment, name: string): number {
  const text = env[name] ?? "";
  if (text === "") return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new DrawbarError(
    "port-range-invalid",
    `couldn't get value from ${name}: ${JSON.stringify(text)} is no port`,
  );
}
