import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../install-error.ts";
import { commitId, type WantedRef } from "./remote-refs.ts";

/** What is wanted of a repository. */
export interface Checkout extends WantedRef {
  readonly url: string;
  /** How many commits of history are fetched; 0 for all. They are removed in the end. */
  readonly depth: number;
  readonly maxBytes: number;
}

/** Runs git in the folder that is filled. */
export type Git = (...args: readonly string[]) => Promise<string>;

/** Fills the empty `folder` with the files of one commit, without git's own. */
export async function checkOut(git: Git, checkout: Checkout, folder: string): Promise<void> {
  const { maxBytes } = checkout;
  await git("init", "--quiet", "--template=");
  const head = await fetchCommit(git, checkout);
  const size = await treeBytes(git, head);
  if (size > maxBytes)
    throw new InstallError(
      "too-large",
      `the files of commit ${head} are ${size} bytes: ${maxBytes} are allowed`,
    );
  await git("checkout", "--quiet", "--detach", "--force", "--no-recurse-submodules", head, "--");
  await rm(join(folder, ".git"), { recursive: true, force: true });
}

// A server need not give a commit that nothing points to, nor a history that is cut short: then all of it is fetched.
async function fetchCommit(git: Git, { url, name, commit, depth }: Checkout): Promise<string> {
  const fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"];
  const wanted = name ?? commit ?? "HEAD";
  try {
    await git(...fetch, ...(depth > 0 ? [`--depth=${depth}`] : []), "--", url, wanted);
    return await commitOf(git, "FETCH_HEAD");
  } catch (error) {
    if (error instanceof InstallError && ["cancelled", "interrupted", "too-large"].includes(error.code))
      throw error;
  }
  await git(...fetch, "--", url, "+refs/*:refs/remotes/origin/*", ...(wanted === "HEAD" ? ["HEAD"] : []));
  return commitOf(git, commit ?? "FETCH_HEAD");
}

async function commitOf(git: Git, name: string): Promise<string> {
  const id = (await git("rev-parse", "--verify", "--quiet", `${name}^{commit}`)).trim();
  if (!commitId.test(id)) throw new InstallError("not-found", `git knows no commit ${name}`);
  return id;
}

// Before anything is written out: a few hundred bytes of a repository can be gigabytes of files.
async function treeBytes(git: Git, head: string): Promise<number> {
  const list = await git("ls-tree", "-r", "-l", "-z", "--full-tree", head);
  let bytes = 0;
  for (const line of list.split("\0")) bytes += Number(/^\d+ blob [0-9a-f]+ +(\d+)\t/.exec(line)?.[1] ?? 0);
  return bytes;
}
