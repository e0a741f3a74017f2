import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { knownCookies } from "./known-cookies.ts";

/** The flags that say which plugin a command is about, and how to be its host. */
export interface TargetFlags {
  readonly cookie?: readonly [key: string, value: string];
  readonly protocolVersion?: readonly number[];
  readonly reattach?: string;
  readonly mtls?: true;
  readonly multiplex?: true;
  readonly startTimeout: number;
  readonly verbose?: true;
}

/** Adds them to a command, whose last argument is then the plugin's command line, flags of its own included. */
export function addTargetFlags(command: Command): Command {
  return command
    .passThroughOptions()
    .option(
      "-c, --cookie <key=value>",
      `the magic cookie of the plugin's host (default: those of ${Object.keys(knownCookies).join(", ")})`,
      readCookie,
    )
    .option(
      "-p, --protocol-version <number>",
      "an application version to offer (default: 0 to 16)",
      readVersion,
    )
    .option("--mtls", "offer AutoMTLS, as Terraform and Vault do")
    .option("--multiplex", "ask for broker multiplexing")
    .option("--start-timeout <ms>", "how long the plugin may take to start", readNumber, 60_000)
    .option("-v, --verbose", "show the plugin's log and drawbar's own");
}

/** For commands that work on a plugin that runs already too. */
export function addReattachFlag(command: Command): Command {
  return command.option(
    "-r, --reattach <json>",
    "the plugin that runs there: what it printed for DRAWBAR_REATTACH or TF_REATTACH_PROVIDERS",
  );
}

/** A positive number of a flag. */
export function readNumber(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(`${JSON.stringify(text)} is no positive number`);
}

function readVersion(text: string, before: readonly number[] = []): number[] {
  const version = Number(text);
  if (text !== "" && Number.isSafeInteger(version) && version >= 0) return [...before, version];
  throw new UsageError(`--protocol-version ${JSON.stringify(text)} is no version; give a number such as 5`);
}

function readCookie(text: string): readonly [string, string] {
  const known = knownCookies[text];
  if (known !== undefined) return known;
  const [key = "", ...rest] = text.split("=");
  const value = rest.join("=");
  if (key !== "" && value !== "") return [key, value];
  throw new UsageError(
    `--cookie ${JSON.stringify(text)} is neither KEY=VALUE nor one of ${Object.keys(knownCookies).join(", ")}`,
  );
}
