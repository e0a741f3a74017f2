import { posix, win32 } from "node:path";
import { fileURLToPath } from "node:url";
import { InstallError } from "../../install-error.ts";
import { Credentials } from "../../transfer/credentials/credentials.ts";
import { parseUrl, redactText } from "../../transfer/show-url.ts";
import type { SourceAddress } from "../source-address.ts";
import { parseChecksum } from "./checksum-parameter.ts";
import type { Detector } from "./detector.ts";
import { defaultDetectors } from "./detectors.ts";
import { hasScheme, isPath, splitAddress, splitForced } from "./split-address.ts";

/** How short spellings are understood. */
export interface ParseOptions {
  /** Where relative paths start. Default: the working folder. */
  readonly cwd?: string;
  /** Asked before the built-in ones. */
  readonly detectors?: readonly Detector[];
  /** The registry of `NAMESPACE/TYPE`. Default `registry.terraform.io`. */
  readonly defaultRegistry?: string;
  /** Whether `C:\dir` is a path. Default: on Windows. */
  readonly windows?: boolean;
}

const longestAddress = 4096;
// A web server's own parameters stay in its URL; these are taken out.
const ownParameters: ReadonlySet<string> = new Set(["archive", "checksum", "filename"]);
const gettersOfScheme: Readonly<Record<string, string>> = { https: "http", ssh: "git" };

/**
 * Takes an address apart.
 * @throws InstallError `bad-source`
 */
export function parseSource(text: string, options: ParseOptions = {}): SourceAddress {
  const shown = redactText(text.slice(0, longestAddress));
  try {
    return parse(text, shown, options);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    throw new InstallError("bad-source", `the source "${shown}" cannot be used: ${error.message}`);
  }
}

function parse(text: string, shown: string, options: ParseOptions): SourceAddress {
  const windows = options.windows ?? process.platform === "win32";
  if (text.length > longestAddress) throw bad(`it is longer than ${longestAddress} characters`);
  if (/\p{Cc}/u.test(text)) throw bad("it holds control characters");
  const { forced, rest } = splitForced(text.trim());
  const outer = splitAddress(rest);
  if (outer.base === "") throw bad("it is empty");
  const detected = splitForced(detect(outer.base, forced, windows, options));
  const inner = splitAddress(detected.rest);
  const subdir = cleanSubdir([inner.subdir, outer.subdir], hasScheme(inner.base));
  const cwd = options.cwd ?? process.cwd();
  const getter = forced ?? detected.forced ?? getterOf(inner.base, windows);
  const place = locate(inner.base, getter, cwd, windows);
  const { parameters, foreign } = splitParameters(
    [inner.query, outer.query],
    getter,
    hasScheme(place.location),
  );
  const checksum = parameters.get("checksum");
  parameters.delete("checksum");
  return {
    text: shown.trim(),
    getter,
    location: foreign === "" ? place.location : `${place.location}?${foreign}`,
    subdir,
    parameters,
    checksum: checksum === undefined ? undefined : parseChecksum(checksum, cwd),
    credentials: place.credentials,
  };
}

function detect(base: string, forced: string | undefined, windows: boolean, options: ParseOptions): string {
  const defaultRegistry = options.defaultRegistry ?? "registry.terraform.io";
  // Whoever says `file::` means a path, whatever it looks like.
  if (forced === "file") return base;
  for (const detector of [...(options.detectors ?? []), ...defaultDetectors]) {
    const found = detector.detect(base, { forced, defaultRegistry, windows });
    if (found !== undefined) return found;
  }
  return base;
}

function getterOf(base: string, windows: boolean): string {
  if (isPath(base, windows)) return "file";
  const scheme = hasScheme(base) ? base.slice(0, base.indexOf(":")).toLowerCase() : undefined;
  if (scheme === undefined)
    throw bad(
      `it is no URL, and neither HOST/NAMESPACE/TYPE nor any other short form; a path starts with "./"`,
    );
  return gettersOfScheme[scheme] ?? scheme;
}

interface Place {
  readonly location: string;
  readonly credentials: Credentials | undefined;
}

function locate(base: string, getter: string, cwd: string, windows: boolean): Place {
  const { resolve } = windows ? win32 : posix;
  if (!hasScheme(base)) {
    const local = getter === "file" || isPath(base, windows);
    return { location: local ? resolve(cwd, base) : base, credentials: undefined };
  }
  const url = parseUrl(base);
  if (url === undefined) throw bad("it is not a URL");
  if (url.protocol === "file:") return { location: pathOf(url), credentials: undefined };
  const { username, password } = url;
  url.password = "";
  // The user of ssh is part of the address: it chooses the account, and proves nothing.
  if (url.protocol !== "ssh:") url.username = "";
  const isSecret = password !== "" || (username !== "" && url.protocol !== "ssh:");
  const credentials = isSecret
    ? Credentials.basic(percentDecoded(username), percentDecoded(password))
    : undefined;
  return { location: url.href, credentials };
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw bad("file:// takes an absolute path of this machine: file:///folder/name");
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad("a percent sign stands without two hexadecimal digits behind it");
  }
}

function cleanSubdir(parts: readonly (string | undefined)[], isUrl: boolean): string | undefined {
  const folders = parts
    .flatMap((part) => (part === undefined ? [] : [isUrl ? percentDecoded(part) : part]))
    .flatMap((part) => part.split("/"))
    .filter((part) => part !== "" && part !== ".");
  if (folders.some((folder) => folder === ".." || /[\\\0]/.test(folder)))
    throw bad('the folder after "//" must stay within what is fetched');
  return folders.length === 0 ? undefined : folders.join("/");
}

function splitParameters(queries: readonly string[], getter: string, isUrl: boolean) {
  const parameters = new Map<string, string>();
  const foreign: string[] = [];
  for (const pair of queries.flatMap((query) => query.split("&")).filter((part) => part !== "")) {
    const [name = "", ...value] = pair.split("=");
    if (isUrl && getter === "http" && !ownParameters.has(name)) foreign.push(pair);
    else if (parameters.has(name)) throw bad(`the parameter "${percentDecoded(name)}" is there twice`);
    else parameters.set(percentDecoded(name), percentDecoded(value.join("=")));
  }
  return { parameters, foreign: foreign.join("&") };
}

function bad(why: string): InstallError {
  return new InstallError("bad-source", why);
}
