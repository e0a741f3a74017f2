/**
 * Which names metadata may have (gRPC over HTTP/2, "Custom-Metadata"): lower-case letters, digits and
 * `_-.`; nothing that HTTP/2 or gRPC itself uses.
 */
const wellFormed = /^[0-9a-z_.-]+$/;

const reserved: ReadonlySet<string> = new Set([
  "content-type",
  "te",
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "content-length",
]);

// Names under `grpc-` belong to gRPC; these two are tracing contexts that applications pass on.
const openGrpcNames: ReadonlySet<string> = new Set(["grpc-trace-bin", "grpc-tags-bin"]);

/** True for a name that gRPC or HTTP/2 keeps for itself; such headers are never shown as metadata. */
export function isReservedName(name: string): boolean {
  if (name.startsWith("grpc-")) return !openGrpcNames.has(name);
  return name.startsWith(":") || reserved.has(name);
}

/** True for names whose values are bytes. */
export function isBinaryName(name: string): boolean {
  return name.endsWith("-bin");
}

/** What is wrong with `name` (already in lower case), or undefined. */
export function nameProblem(name: string): string | undefined {
  if (isReservedName(name)) return "is reserved for gRPC and HTTP/2";
  if (!wellFormed.test(name)) return "may hold only letters, digits, '_', '-' and '.'";
  return undefined;
}
