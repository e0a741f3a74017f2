import { InstallError } from "../install-error.ts";

const maxLines = 100_000;
const maxBytes = 16 * 2 ** 20;

/** A digest in lower-case hexadecimal, and the hash that it is of. */
export interface Checksum {
  readonly hash: "md5" | "sha1" | "sha256" | "sha384" | "sha512";
  readonly digest: string;
}

/**
 * Reads a list of checksums as `sha256sum`, `shasum` and their kin write it: `DIGEST  NAME`, `DIGEST *NAME` for
 * binary, or BSD's `SHA256 (NAME) = DIGEST`. Empty lines and those that begin with `#` are skipped.
 * @returns the checksums by the name of the file; several where the list is of several hashes
 * @throws InstallError `bad-checksums` where a line is none, or one name has two digests of one hash
 */
export function readChecksumList(text: Uint8Array, origin: string): ReadonlyMap<string, readonly Checksum[]> {
  if (text.length > maxBytes) throw bad(origin, `has more than ${maxBytes} bytes`);
  const lines = decode(text, origin).split("\n", maxLines + 1);
  if (lines.length > maxLines) throw bad(origin, `has more than ${maxLines} lines`);
  const list = new Map<string, readonly Checksum[]>();
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.trim() === "" || line.startsWith("#")) continue;
    const read = readLine(line);
    if (read === undefined) throw bad(origin, `has a line ${index + 1} that is no checksum and name`);
    list.set(read.name, joined(list.get(read.name) ?? [], read.checksum, read.name, origin));
  }
  return list;
}

function joined(
  earlier: readonly Checksum[],
  checksum: Checksum,
  name: string,
  origin: string,
): readonly Checksum[] {
  const same = earlier.find((other) => other.hash === checksum.hash);
  if (same === undefined) return [...earlier, checksum];
  if (same.digest !== checksum.digest) {
    throw bad(origin, `has two ${checksum.hash} digests for ${JSON.stringify(name)}`);
  }
  return earlier;
}

const gnu = /^(?<digest>[0-9a-fA-F]{32,128}) [ *](?<name>[^\0]{1,1024})$/;
const bsd = /^(?<label>[A-Z0-9-]{3,16}) \((?<name>[^\0]{1,1024})\) = (?<digest>[0-9a-fA-F]{32,128})$/;

const hashOfDigits: ReadonlyMap<number, Checksum["hash"]> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [64, "sha256"],
  [96, "sha384"],
  [128, "sha512"],
]);

function readLine(line: string): { readonly name: string; readonly checksum: Checksum } | undefined {
  const { name, digest, label } = (gnu.exec(line) ?? bsd.exec(line))?.groups ?? {};
  const hash = hashOfDigits.get(digest?.length ?? 0);
  if (name === undefined || digest === undefined || hash === undefined) return undefined;
  if (label !== undefined && label.replace("-", "").toLowerCase() !== hash) return undefined;
  return { name: name.replace(/^\.\//, ""), checksum: { hash, digest: digest.toLowerCase() } };
}

function decode(text: Uint8Array, origin: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch (error) {
    throw bad(origin, "is no text", error);
  }
}

function bad(origin: string, why: string, cause?: unknown): InstallError {
  return new InstallError("bad-checksums", `the list of checksums ${origin} ${why}`, {
    cause,
    facts: { origin },
  });
}
