import { join } from "node:path";
import { peers } from "../../../conformance/peers/peers.mjs";
import { root } from "../paths.mjs";
import { PlainError } from "../say.mjs";

/** The recipe of a peer with its defaults filled in. Throws a PlainError with the known names. */
export function recipe(name) {
  const found = peers[name];
  if (found === undefined) {
    throw new PlainError(`no peer is called ${name}. There are: ${Object.keys(peers).join(", ")}`);
  }
  return { name, sources: [name], programs: { [name]: "." }, ...found };
}

/** Names of the peers that the given areas use, all of them when no areas are given; in building order. */
export function peerNames(areas) {
  const names = Object.keys(peers);
  return areas === undefined
    ? names
    : names.filter((name) => peers[name].areas.some((a) => areas.includes(a)));
}

/** The folders a "go-module" recipe is built from, later ones laid over earlier ones. */
export function sourceFolders(of) {
  return of.sources.map((folder) => join(root, "conformance", "peers", folder));
}
