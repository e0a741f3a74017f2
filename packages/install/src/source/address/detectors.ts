import type { Detector } from "./detector.ts";
import { hasScheme, isPath } from "./split-address.ts";

const github: Detector = {
  name: "github",
  detect(text, { forced }) {
    const path = hostPath(text, "github.com");
    if (path === undefined) return undefined;
    const [, repository] = path;
    const wantsGit = forced === "git" || repository.endsWith(".git");
    return wantsGit ? gitUrl("github.com", path) : `github::https://github.com/${path.join("/")}`;
  },
};

// Their releases carry no assets of a fixed shape: the repository itself is the source.
const gitHosts: Detector = {
  name: "git-hosts",
  detect(text) {
    if (hasScheme(text)) return undefined;
    for (const host of ["gitlab.com", "bitbucket.org"]) {
      const path = hostPath(text, host);
      if (path !== undefined) return gitUrl(host, path);
    }
    return undefined;
  },
};

// `git@host:path`, as ssh and git write it.
const sshLike: Detector = {
  name: "ssh",
  detect(text) {
    const match = /^([A-Za-z0-9_][\w.-]*)@([A-Za-z0-9[][\w.:[\]-]*?):(?!\/\/)(.+)$/.exec(text);
    if (match === null) return undefined;
    const [, user, host, path = ""] = match;
    return `git::ssh://${user}@${host}/${path.replace(/^\/+/, "")}`;
  },
};

const npm: Detector = {
  name: "npm",
  detect: (text) => (/^npm:(?!:)/.test(text) ? `npm::${text.slice("npm:".length)}` : undefined),
};

const file: Detector = {
  name: "file",
  detect: (text, { windows }) => (isPath(text, windows) ? text : undefined),
};

const label = /^[0-9A-Za-z](?:[0-9A-Za-z_-]*[0-9A-Za-z])?$/;
const registryHost = /^(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+|localhost)(?::\d+)?$/;

// `[HOST/]NAMESPACE/TYPE`, as Terraform writes a provider's address.
const registry: Detector = {
  name: "registry",
  detect(text, { defaultRegistry, forced }) {
    if (forced !== undefined && forced !== "registry") return undefined;
    const parts = text.split("/");
    const [host = "", ...names] = parts.length === 2 ? [defaultRegistry, ...parts] : parts;
    if (names.length !== 2 || !registryHost.test(host)) return undefined;
    return names.every((name) => label.test(name)) ? `registry::${[host, ...names].join("/")}` : undefined;
  },
};

/** What is understood without configuration, in this order. */
export const defaultDetectors: readonly Detector[] = [file, github, gitHosts, sshLike, npm, registry];

// `HOST/OWNER/REPOSITORY`, with or without `https://`, and nothing behind it.
function hostPath(text: string, host: string): readonly [string, string] | undefined {
  const parts = text
    .replace(/^https:\/\//, "")
    .replace(/\/$/, "")
    .split("/");
  const [first = "", owner = "", repository = ""] = parts;
  const fits = parts.length === 3 && first.toLowerCase() === host;
  return fits && [owner, repository].every((name) => /^\w[\w.-]*$/.test(name))
    ? [owner, repository]
    : undefined;
}

function gitUrl(host: string, [owner, repository]: readonly [string, string]): string {
  return `git::https://${host}/${owner}/${repository.replace(/\.git$/, "")}.git`;
}
