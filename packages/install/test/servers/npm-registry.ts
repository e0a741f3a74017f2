import { createHash } from "node:crypto";
import { file, routes, status } from "./behaviours.ts";
import { type Handler, TestServer } from "./test-server.ts";

/** A package of a registry: its tarballs by version. */
export interface NpmPackage {
  readonly name: string;
  readonly tarballs: Readonly<Record<string, Uint8Array>>;
}

export interface NpmRegistryOptions {
  readonly integrity?: string | null;
  /** Goes around every answer, such as a login. */
  readonly guard?: (inner: Handler) => Handler;
}

/** An npm registry below `/npm/`. */
export async function startNpmRegistry(
  { name, tarballs }: NpmPackage,
  { integrity, guard = (inner) => inner }: NpmRegistryOptions = {},
): Promise<TestServer> {
  const short = name.split("/").at(-1) ?? name;
  const table: Record<string, Handler> = {};
  const server = await TestServer.start((request, response) => guard(routes(table))(request, response));
  const versions = Object.entries(tarballs).map(([version, bytes]) => {
    const path = `/npm/${name}/-/${short}-${version}.tgz`;
    table[path] = file(bytes);
    const sri = `sha1-${hash("sha1", bytes)} sha512-${hash("sha512", bytes)}`;
    const known = integrity === null ? {} : { integrity: integrity ?? sri };
    return [version, { name, version, dist: { tarball: server.origin + path, ...known } }] as const;
  });
  const document = {
    name,
    "dist-tags": { latest: versions.at(-1)?.[0] },
    versions: Object.fromEntries(versions),
  };
  // Whoever does not ask for the short form would get megabytes.
  table[`/npm/${name.replace("/", "%2f")}`] = (request, response) =>
    request.headers.accept?.startsWith("application/vnd.npm.install-v1+json")
      ? response.end(JSON.stringify(document))
      : status(406)(request, response);
  return server;
}

function hash(name: string, bytes: Uint8Array): string {
  return createHash(name).update(bytes).digest("base64");
}
