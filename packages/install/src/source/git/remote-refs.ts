/** What a repository has, by `git ls-remote`: commits by the full name of what points to them. */
export type RemoteRefs = ReadonlyMap<string, string>;

/** What is to be fetched: under a name if it has one, else by its commit. */
export interface WantedRef {
  readonly name: string | undefined;
  readonly commit: string | undefined;
}

/** A whole commit id, of SHA-1 or SHA-256. */
export const commitId: RegExp = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads the output of `git ls-remote`. A tag with a message of its own counts as the commit it is about. */
export function parseRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [id = "", name = ""] = line.split("\t");
    if (commitId.test(id) && name !== "") refs.set(name.replace(/\^\{\}$/, ""), id);
  }
  return refs;
}

/** The versions that tags are named after, without their `v`. */
export function versionsOf(refs: RemoteRefs): readonly string[] {
  const versions = [...refs.keys()].flatMap(
    (name) => /^refs\/tags\/v?(\d+\.\d+\.\d+(?:[-+].*)?)$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(versions)];
}

/** The tag of a version: `v1.2.3`, or `1.2.3`. */
export function tagOf(refs: RemoteRefs, version: string): string | undefined {
  return [`refs/tags/v${version}`, `refs/tags/${version}`].find((name) => refs.has(name));
}

/**
 * Looks up what a user calls a ref: a tag, a branch, a full name, or a commit. Tags come first, as git has it. Undefined
 * if there is no such thing; a commit may be there without a name.
 */
export function findRef(refs: RemoteRefs, ref: string): WantedRef | undefined {
  const name = [`refs/tags/${ref}`, `refs/heads/${ref}`, ref].find((candidate) => refs.has(candidate));
  if (name !== undefined) return { name, commit: refs.get(name) };
  if (commitId.test(ref)) return { name: undefined, commit: ref };
  return undefined;
}
