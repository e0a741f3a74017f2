import { createHash } from "node:crypto";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { PluginsOptions } from "@drawbar/install";
import { tar } from "../archive/tar-bytes.ts";
import { zip } from "../archive/zip-bytes.ts";
import { cutAfter, file, inTurn, redirect, routes } from "../servers/behaviours.ts";
import { testCertificates } from "../servers/certificates.ts";
import { TestRepository } from "../servers/git-repository.ts";
import { GithubTestApi } from "../servers/github-api.ts";
import { mirrorRoutes } from "../servers/network-mirror.ts";
import { startNpmRegistry } from "../servers/npm-registry.ts";
import { startOciRegistry } from "../servers/oci-registry.ts";
import { startRegistry, type TestPackage } from "../servers/terraform-registry.ts";
import { type Handler, TestServer } from "../servers/test-server.ts";
import { printing, sha256, writeTree } from "./fake-getter.ts";
import { platform } from "./project.ts";

/** Where a plugin kv 1.0.0, and often 2.0.0, can be had. */
export interface Origin {
  readonly source: string;
  readonly options: PluginsOptions;
  /** Servers to be closed. */
  readonly servers: readonly AsyncDisposable[];
}

export const certificates = testCertificates();
const [os = "", arch = ""] = platform.split("_");

export function zipOf(version: string): Buffer {
  const content = printing(`kv ${version}`);
  return zip([{ name: `kv_v${version}`, content, mode: 0o100755 }]);
}

export function tarOf(version: string): Buffer {
  const bin = { name: "package/bin/kv", content: printing(`kv ${version}`), mode: 0o755 };
  const about = JSON.stringify({ name: "kv", version, bin: { kv: "bin/kv" } });
  return gzipSync(tar(bin, { name: "package/package.json", content: about }));
}

export const zipName: string = `kv_1.0.0_${platform}.zip`;
const one = zipOf("1.0.0");

export const packages: readonly TestPackage[] = ["1.0.0", "2.0.0"].map((version) => ({
  version,
  platform,
  bytes: zipOf(version),
}));

/** Of a web server that has some files. */
export async function webSource(
  handlers: Readonly<Record<string, Handler>>,
  rest: string,
  secure = false,
): Promise<Origin> {
  const server = await TestServer.start(routes(handlers), secure ? certificates : undefined);
  return { source: server.origin + rest, options: { ca: certificates.ca }, servers: [server] };
}

/** Of a server that was started, with the plugin at `place` of it. */
export async function serverSource(
  server: TestServer,
  place: (server: TestServer) => string,
  options: PluginsOptions = {},
): Promise<Origin> {
  return { source: place(server), options: { ca: certificates.ca, ...options }, servers: [server] };
}

export async function githubSource(files: Readonly<Record<string, Uint8Array | string>>): Promise<Origin> {
  const api = await GithubTestApi.start("acme/kv", [{ tag: "v1.0.0", files }]);
  return { source: "github.com/acme/kv", options: { githubApi: api.api.origin }, servers: [api] };
}

export async function gitSource(
  folder: string,
  files: Readonly<Record<string, string>>,
  overHttp = false,
): Promise<Origin> {
  const repository = await TestRepository.make(folder);
  await repository.commit(files, "v1.0.0");
  if (!overHttp) return { source: `git::${repository.bare}`, options: {}, servers: [] };
  const server = await TestServer.start(repository.smartHandler());
  return { source: `git::${server.origin}/kv.git`, options: {}, servers: [server] };
}

/** Every kind of source, by what it is. They get an empty folder of their own. */
export const origins: Readonly<Record<string, (folder: string) => Promise<Origin>>> = {
  "a program of this machine": async (folder) => {
    await writeFile(join(folder, "kv_v1.0.0"), printing("kv 1.0.0"));
    return local(`${folder}/kv_v1.0.0`);
  },
  "a folder of this machine": async (folder) => {
    await writeTree(folder, { "all/it/kv_v1.0.0": printing("kv 1.0.0"), "all/it/lib/data": "data" });
    return local(`file::${folder}/all//it`);
  },
  "an archive of this machine, with its checksum in a file": async (folder) => {
    await writeFile(join(folder, zipName), one);
    await writeFile(join(folder, "sums"), `${sha256(one)}  ${zipName}\n`);
    return local(`file://${folder}/${zipName}?checksum=file:${folder}/sums`);
  },
  "an archive of a web server, with its checksum": () =>
    webSource({ "/kv.zip": file(one) }, `/kv.zip?checksum=sha256:${sha256(one)}&filename=${zipName}`),
  "an archive of a web server with TLS, with SHA256SUMS beside it": () =>
    webSource(
      {
        [`/${zipName}`]: redirect("/elsewhere/x.zip?signed=1"),
        "/elsewhere/x.zip": file(one),
        "/kv_1.0.0_SHA256SUMS": file(`${sha256(one)}  ${zipName}\n`),
      },
      `/${zipName}`,
      true,
    ),
  "an archive whose connection is cut, of which the rest is fetched": () => {
    const etag = `"${one.length}"`;
    return webSource({ [`/${zipName}`]: inTurn(cutAfter(one, 50, { etag }), file(one)) }, `/${zipName}`);
  },
  "a folder of a compressed tar file": () =>
    webSource({ "/dist.tar.gz": file(tarOf("1.0.0")) }, "/dist.tar.gz//package"),
  "releases of a GitHub repository": () => githubSource({ [zipName]: one }),
  "a git repository over HTTP": (folder) =>
    gitSource(folder, { "kv_v1.0.0*": printing("kv 1.0.0"), "lib/data": "data" }, true),
  "Terraform's registry protocol": async () =>
    serverSource(
      await startRegistry("kv", packages, certificates),
      ({ port }) => `localhost:${port}/test/kv`,
    ),
  "Terraform's network mirror": () => {
    const base = "/mirror/registry.example.com/test/kv";
    return prefixed("mirror::", webSource(mirrorRoutes(base, "kv", packages), base));
  },
  "Terraform's filesystem mirror, packed": async (folder) => {
    await writeFile(join(folder, `terraform-provider-kv_1.0.0_${platform}.zip`), one);
    return local(`mirror::${folder}`);
  },
  "Terraform's filesystem mirror, unpacked": async (folder) => {
    await mkdir(join(folder, "from"));
    await writeFile(join(folder, "from", "kv_v1.0.0"), printing("kv 1.0.0"));
    await cp(join(folder, "from"), join(folder, "1.0.0", platform), { recursive: true });
    return local(`mirror::${folder}`);
  },
  "a container registry": async () => {
    const artifacts = packages.map(({ version, bytes }) => ({
      tag: `v${version}`,
      layers: { [`${os}_${arch}`]: bytes },
    }));
    return serverSource(
      await startOciRegistry("acme/kv", artifacts, certificates),
      ({ port }) => `oci://localhost:${port}/acme/kv`,
    );
  },
  "an npm registry": () => npmSource({}),
};

export async function npmSource(options: Parameters<typeof startNpmRegistry>[1]): Promise<Origin> {
  const tarballs = { "1.0.0": tarOf("1.0.0"), "2.0.0": tarOf("2.0.0") };
  const server = await startNpmRegistry({ name: "@acme/kv", tarballs }, options);
  return serverSource(server, () => "npm:@acme/kv", { npmRegistry: `${server.origin}/npm` });
}

export async function prefixed(prefix: string, origin: Promise<Origin>): Promise<Origin> {
  return { ...(await origin), source: prefix + (await origin).source };
}

export function sha512Integrity(bytes: Uint8Array): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

function local(source: string): Origin {
  return { source, options: {}, servers: [] };
}
