import type { DrawbarError } from "@drawbar/io";
import type { TargetFlags } from "./target-flags.ts";

/** What to try next, beyond what the error says itself. */
export function advise({ code, facts }: DrawbarError, flags: TargetFlags): readonly string[] {
  const said = [facts["stderr"], facts["stdout"]].flat().join("\n");
  // go-plugin's words, and drawbar's, for a program that was not started by its host.
  if (/This binary is a plugin|Magic cookie/i.test(said) || (code === "plugin-exited-early" && said === "")) {
    return flags.cookie === undefined
      ? [
          "the plugin may wait for its host's magic cookie, which is none of the known ones: give it with --cookie KEY=VALUE",
        ]
      : [
          `the plugin does not take ${flags.cookie[0]} for its host's magic cookie: compare it with the host's handshake`,
        ];
  }
  return advices[code] ?? [];
}

const advices: Readonly<Record<string, readonly string[]>> = {
  "app-version-incompatible": ["offer the version that the plugin has with --protocol-version"],
  "server-cert-missing": ["the plugin does no AutoMTLS: try without --mtls"],
  "server-cert-unexpected": ["the plugin uses TLS of its own, which only its host has the certificates for"],
  "start-timeout": ["see what the plugin does meanwhile with --verbose; give it longer with --start-timeout"],
  "multiplex-not-supported": ["the plugin has no broker multiplexing: try without --multiplex"],
  "handshake-unrecognized": [
    "nothing may be printed to stdout before the plugin serves; print to stderr instead",
  ],
};
