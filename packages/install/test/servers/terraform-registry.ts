import { createHash } from "node:crypto";
import { file, json, routes } from "./behaviours.ts";
import type { TestCertificates } from "./certificates.ts";
import { type Handler, TestServer } from "./test-server.ts";

/** One package of a provider, for one platform. */
export interface TestPackage {
  readonly version: string;
  /** `os_arch` */
  readonly platform: string;
  readonly bytes: Uint8Array;
}

export interface RegistryOptions {
  /** What `shasum` says instead of the truth. */
  readonly shasum?: string;
  readonly signature?: Uint8Array;
  /** Armoured. */
  readonly keys?: readonly string[];
  /** In place of what would be answered at a path. */
  readonly overrides?: Readonly<Record<string, Handler>>;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The list of checksums of packages, as a release has it. */
export function sumsOf(type: string, packages: readonly TestPackage[]): string {
  return packages.map((one) => `${sha256(one.bytes)}  ${packageName(type, one)}\n`).join("");
}

export function packageName(type: string, { version, platform }: TestPackage): string {
  return `terraform-provider-${type}_${version}_${platform}.zip`;
}

/** A registry of Terraform's protocol with one provider, `test/TYPE`. Over TLS, as the protocol asks for. */
export function startRegistry(
  type: string,
  packages: readonly TestPackage[],
  certificates: TestCertificates,
  options: RegistryOptions = {},
): Promise<TestServer> {
  const base = `/api/providers/test/${type}`;
  const versions = [...new Set(packages.map(({ version }) => version))].map((version) => ({
    version,
    protocols: ["5.0"],
    platforms: packages
      .filter((one) => one.version === version)
      .map(({ platform }) => ({ os: platform.split("_")[0], arch: platform.split("_")[1] })),
  }));
  const table: Record<string, Handler> = {
    "/.well-known/terraform.json": json({ "providers.v1": "/api/providers" }),
    [`${base}/versions`]: json({ versions }),
  };
  for (const one of packages) {
    const name = packageName(type, one);
    const sums = `/files/${one.version}/SHA256SUMS`;
    const ofVersion = packages.filter(({ version }) => version === one.version);
    table[`/files/${name}`] = file(one.bytes);
    table[sums] = file(sumsOf(type, ofVersion));
    table[`${sums}.sig`] = file(options.signature ?? "");
    table[`${base}/${one.version}/download/${one.platform.replace("_", "/")}`] = json({
      protocols: ["5.0"],
      os: one.platform.split("_")[0],
      arch: one.platform.split("_")[1],
      filename: name,
      download_url: `/files/${name}`,
      shasum: options.shasum ?? sha256(one.bytes),
      shasums_url: sums,
      shasums_signature_url: `${sums}.sig`,
      signing_keys: {
        gpg_public_keys: (options.keys ?? []).map((key) => ({ key_id: "", ascii_armor: key })),
      },
    });
  }
  return TestServer.start(routes({ ...table, ...options.overrides }), certificates);
}
