import { file, json } from "./behaviours.ts";
import { packageName, sha256, sumsOf, type TestPackage } from "./terraform-registry.ts";
import type { Handler } from "./test-server.ts";

/** What a network mirror serves below `base`, `/HOST/NAMESPACE/TYPE`: documents, packages and their list of checksums. */
export function mirrorRoutes(
  base: string,
  type: string,
  packages: readonly TestPackage[],
): Readonly<Record<string, Handler>> {
  const versions = [...new Set(packages.map(({ version }) => version))];
  const table: Record<string, Handler> = {
    [`${base}/index.json`]: json({ versions: Object.fromEntries(versions.map((version) => [version, {}])) }),
  };
  for (const version of versions) {
    const all = packages.filter((one) => one.version === version);
    const archives = all.map((one) => [
      one.platform,
      { url: packageName(type, one), hashes: [`zh:${sha256(one.bytes)}`, "h1:bm90IGxvb2tlZCBhdA=="] },
    ]);
    table[`${base}/${version}.json`] = json({ archives: Object.fromEntries(archives) });
    table[`${base}/terraform-provider-${type}_${version}_SHA256SUMS`] = file(sumsOf(type, all));
    for (const one of all) table[`${base}/${packageName(type, one)}`] = file(one.bytes);
  }
  return table;
}
