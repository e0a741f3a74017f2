import { unsafeEntry } from "./archive-failure.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

/**
 * The folders and the name that an entry's path leads through, or an error where some system would read the path
 * as anything else. One archive means the same everywhere: what Windows takes for a drive, a stream or a device
 * is refused on Linux too.
 * @returns no segments for the archive's root, which tar writes as `./`
 */
export function entryPath(name: string, limits: UnpackLimits): readonly string[] {
  const path = name.endsWith("/") ? name.slice(0, -1) : name;
  const why = refusal(name, path, limits);
  if (why !== undefined) throw unsafeEntry(name, why);
  const segments = path.split("/");
  const named = segments[0] === "." ? segments.slice(1) : segments;
  if (named.length > limits.maxDepth) throw unsafeEntry(name, `lies deeper than ${limits.maxDepth} folders`);
  for (const segment of named) {
    const fault = segmentFault(segment);
    if (fault !== undefined) throw unsafeEntry(name, fault);
  }
  return named;
}

function refusal(name: string, path: string, limits: UnpackLimits): string | undefined {
  if (path === "") return name === "" ? "has no name" : "is an absolute path";
  if (Buffer.byteLength(path) > limits.maxPathBytes)
    return `has a path of more than ${limits.maxPathBytes} bytes`;
  if (path.startsWith("/")) return "is an absolute path";
  if (/^[A-Za-z]:/.test(path)) return "begins with a drive letter";
  if (path.includes("\\")) return "has a backslash, which is a separator on Windows";
  return undefined;
}

// NTFS and ext4 both end at 255, one in UTF-16 units and the other in bytes.
const maxSegmentBytes = 255;
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
// Superscript digits count. Escaped, so that `drawbar build` can make one line of ASCII of a program with this.
const windowsDevice = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;

function segmentFault(segment: string): string | undefined {
  if (segment === "..") return "leads out of its folder";
  if (segment === "" || segment === ".") return "has an empty part in its path";
  if (unprintable.test(segment)) return "has characters in its path that do not show";
  if (/[:*?"<>|]/.test(segment)) return "has a character in its path that means something else on Windows";
  if (/[. ]$/.test(segment)) return "has a part that ends in a dot or a space, which Windows drops";
  if (windowsDevice.test(segment)) return "has the name of a device of Windows";
  if (Buffer.byteLength(segment) > maxSegmentBytes) return `has a part of more than ${maxSegmentBytes} bytes`;
  return undefined;
}
