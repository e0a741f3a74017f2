import { VaultError } from "./vault-error.ts";

/**
 * The path of an API call below `/v1`, made from what configurations and callers join: repeated, leading
 * and trailing slashes vanish (`pki-root//ca/pem` → `/v1/pki-root/ca/pem`), what a URL cannot carry is
 * escaped. A segment `.` or `..` is refused: Go's client would resolve it, out of the mount it names.
 */
export function apiPath(path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.length === 0) throw new VaultError("vault-option-invalid", "the Vault path is empty");
  return `/v1/${segments.map((segment) => escapeSegment(segment, path)).join("/")}`;
}

// What encodeURIComponent escapes although RFC 3986 allows it in a path segment: $ & + , : ; = @
const allowedInSegments = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

function escapeSegment(segment: string, path: string): string {
  if (segment === "." || segment === "..") {
    throw new VaultError("vault-option-invalid", `the Vault path ${path} has the segment "${segment}"`);
  }
  try {
    return encodeURIComponent(segment).replace(allowedInSegments, decodeURIComponent);
  } catch {
    throw new VaultError("vault-option-invalid", "the Vault path holds half of a surrogate pair");
  }
}
