import { DrawbarError, isDrawbarError } from "@drawbar/io";
import type { TargetFlags } from "./target-flags.ts";

/** An error that also says what to try next, in its message and as `facts.advice`; others stay as they are. */
export function advised(error: unknown, flags: TargetFlags): unknown {
  const advice = isDrawbarError(error) ? advise(error, flags) : [];
  if (!isDrawbarError(error) || advice.length === 0) return error;
  const message = [error.message, ...advice.map((line) => `advice: ${line}`)].join("\n");
  return new DrawbarError(error.code, message, { cause: error, facts: { ...error.facts, advice } });
}

function advise({ code, facts }: DrawbarError, flags: TargetFlags): readonly string[] {
  const printed = [facts["stdout"]].flat().join("");
  const said = [facts["stderr"], facts["stdout"]].flat().join("\n");
  if (code === "start-timeout" && printed !== "") return [stdoutAdvice];
  if (code === "plugin-exited-early" && facts["exitCode"] === 127) return [scriptAdvice];
  // go-plugin's words, and drawbar's, for a program that was not started by its host; some say nothing.
  const silent =
    code === "plugin-exited-early" && said.trim() === "" && typeof facts["exitCode"] === "number";
  if (silent || /This binary is a plugin|Magic cookie/i.test(said)) return [cookieAdvice(flags)];
  return advices[code] ?? [];
}

function cookieAdvice({ cookie }: TargetFlags): string {
  return cookie === undefined
    ? "the plugin may wait for its host's magic cookie, which is none of the known ones: give it with --cookie KEY=VALUE"
    : `the plugin does not take ${cookie[0]} for its host's magic cookie: compare it with the host's handshake`;
}

const stdoutAdvice = "nothing may be printed to stdout before the plugin serves; print to stderr instead";
const scriptAdvice =
  "a shell ran it and did not find a program: a script needs a first line such as #!/usr/bin/env node";

const advices: Readonly<Record<string, readonly string[]>> = {
  "app-version-incompatible": ["offer the version that the plugin has with --protocol-version"],
  "server-cert-missing": ["the plugin does no AutoMTLS: try without --mtls"],
  "server-cert-unexpected": ["the plugin uses TLS of its own, which only its host has the certificates for"],
  "start-timeout": ["see what the plugin does meanwhile with --verbose; give it longer with --start-timeout"],
  "multiplex-not-supported": ["the plugin has no broker multiplexing: try without --multiplex"],
  "handshake-unrecognized": [stdoutAdvice],
};
