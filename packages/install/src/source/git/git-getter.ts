import { tmpdir } from "node:os";
import type { Clock } from "@drawbar/io";
import { InstallError } from "../../install-error.ts";
import type { CredentialFinder } from "../../transfer/credentials/credential-finder.ts";
import type { Environment } from "../../transfer/credentials/env-token.ts";
import { redactText } from "../../transfer/show-url.ts";
import type { Getter } from "../getter.ts";
import { allowParameters } from "../parameters.ts";
import type { SourceAddress } from "../source-address.ts";
import { checkOut, type Git } from "./check-out.ts";
import { gitEnvironment } from "./git-environment.ts";
import { type GitLocation, gitLocation, gitRef } from "./git-location.ts";
import { findRef, parseRefs, type RemoteRefs, tagOf, versionsOf, type WantedRef } from "./remote-refs.ts";
import { runGit } from "./run-git.ts";

export interface GitOptions {
  readonly env: Environment;
  readonly credentials: CredentialFinder;
  readonly clock: Clock;
  /** For one run of git. */
  readonly maxMs: number;
  /** For the files of a checkout. */
  readonly maxBytes: number;
}

/**
 * A git repository, through the git program: `git::https://host/repo.git?ref=v1.2.3`. Without `ref`, tags such as
 * `v1.2.3` are its versions, and where there are none it is the default branch. Submodules are not fetched.
 */
export function gitGetter(options: GitOptions): Getter {
  const gitIn = async (
    folder: string,
    address: SourceAddress,
    { protocols, origin }: GitLocation,
    signal: AbortSignal,
  ): Promise<Git> => {
    const credentials =
      origin === undefined
        ? undefined
        : (address.credentials ?? (await options.credentials.find(new URL(origin))));
    const login = origin === undefined || credentials === undefined ? undefined : { origin, credentials };
    const env = gitEnvironment({ env: options.env, protocols, login });
    return (...args) =>
      runGit({ args, cwd: folder, env, signal, clock: options.clock, maxMs: options.maxMs });
  };
  const refsOf = async (
    address: SourceAddress,
    location: GitLocation,
    signal: AbortSignal,
  ): Promise<RemoteRefs> => {
    const git = await gitIn(tmpdir(), address, location, signal);
    return parseRefs(await git("ls-remote", "--quiet", "--", location.url));
  };
  return {
    name: "git",
    async versions(address, { signal }) {
      allowParameters(address, "ref", "depth");
      if (address.parameters.has("ref")) return undefined;
      const versions = versionsOf(await refsOf(address, gitLocation(address), signal));
      return versions.length === 0 ? undefined : versions;
    },
    async release(address, version, { signal }) {
      allowParameters(address, "ref", "depth");
      const location = gitLocation(address);
      const depth = depthOf(address);
      const wanted = wantedOf(address, version, await refsOf(address, location, signal));
      const origin = `${redactText(location.url)}@${wanted.commit ?? "HEAD"}`;
      return {
        version,
        artifact: {
          kind: "tree",
          origin,
          async fetch(folder, context) {
            const git = await gitIn(folder, address, location, context.signal);
            await checkOut(git, { ...wanted, url: location.url, depth, maxBytes: options.maxBytes }, folder);
          },
        },
      };
    },
  };
}

function wantedOf(address: SourceAddress, version: string | undefined, refs: RemoteRefs): WantedRef {
  const asked = address.parameters.get("ref") ?? (version === undefined ? "HEAD" : tagOf(refs, version));
  const wanted = asked === undefined ? undefined : findRef(refs, gitRef(address, asked));
  if (wanted !== undefined) return wanted;
  throw new InstallError("not-found", `${address.text} has no ${asked ?? `tag of version ${version}`}`);
}

function depthOf(address: SourceAddress): number {
  const text = address.parameters.get("depth") ?? "1";
  if (!/^\d{1,6}$/.test(text))
    throw new InstallError("bad-source", `${address.text}: depth must be a number`);
  return Number(text);
}
