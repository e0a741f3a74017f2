import { InstallError } from "../install-error.ts";
import type { SourceAddress } from "./source-address.ts";

/**
 * Refuses parameters that a getter does not know: a misspelt `?ref=` would fetch something else.
 * @throws InstallError `bad-source`
 */
export function allowParameters(address: SourceAddress, ...known: readonly string[]): void {
  const unknown = [...address.parameters.keys()].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const list = known.length === 0 ? "none" : known.join(", ");
  throw new InstallError(
    "bad-source",
    `${address.text}: ${address.getter} has no parameter ${unknown.join(", ")}, but ${list} and checksum`,
  );
}
