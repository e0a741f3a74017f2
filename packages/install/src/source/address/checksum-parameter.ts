import { resolve } from "node:path";
import { InstallError } from "../../install-error.ts";
import { redactText } from "../../transfer/show-url.ts";
import type { ChecksumParameter } from "../source-address.ts";
import { hasScheme } from "./split-address.ts";

const hexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Reads `?checksum=`: `sha256:HEX`, a bare `HEX`, or `file:LOCATION`, whose relative paths start at `cwd`. */
export function parseChecksum(value: string, cwd: string): ChecksumParameter {
  if (value.startsWith("file:")) {
    const location = value.slice("file:".length);
    if (location === "") throw bad(value, "names no file");
    const isLocal = !hasScheme(location);
    return { kind: "file", location: isLocal ? resolve(cwd, location) : location };
  }
  const colon = value.indexOf(":");
  const digest = value.slice(colon + 1).toLowerCase();
  const hash = colon < 0 ? hashOfLength(digest.length) : value.slice(0, colon).toLowerCase();
  if (hash === undefined || hexLengths[hash] === undefined)
    throw bad(value, `must be of ${Object.keys(hexLengths).join(", ")}: older hashes can be forged`);
  if (digest.length !== hexLengths[hash] || !/^[0-9a-f]*$/.test(digest))
    throw bad(value, `must have ${hexLengths[hash]} hexadecimal digits for ${hash}`);
  return { kind: "digest", hash, digest };
}

function hashOfLength(length: number): string | undefined {
  return Object.entries(hexLengths).find(([, digits]) => digits === length)?.[0];
}

function bad(value: string, why: string): InstallError {
  return new InstallError("bad-source", `the checksum ${redactText(value)} ${why}`);
}
