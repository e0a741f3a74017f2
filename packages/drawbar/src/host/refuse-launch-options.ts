import { PluginConfigError } from "../errors.ts";

// What only a launch can keep, and why. An option that was dropped without a word would be trusted.
const refusals: Readonly<Record<string, string>> = {
  cmd: "exactly one of cmd, runner and a reattach config must be set: a plugin that runs is not started",
  secureConfig:
    "only one of Reattach or SecureConfig can be set: the program of a plugin that runs cannot be checked (secureConfig)",
  grpcBrokerMultiplex: "gRPC broker multiplexing is not supported with Reattach config (grpcBrokerMultiplex)",
};

/**
 * Throws PluginConfigError, in go-plugin's words, for options of `launch` that attaching cannot keep. Those
 * written in the call are the compiler's to refuse; those of an object that was spread into it come here.
 */
export function refuseLaunchOptions(options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, refusal] of Object.entries(refusals)) {
    if (given[name] !== undefined && given[name] !== false) throw new PluginConfigError(refusal);
  }
}
