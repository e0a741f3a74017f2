import { stat } from "node:fs/promises";
import { join } from "node:path";
import { hasScheme } from "../address/split-address.ts";
import type { Getter } from "../getter.ts";
import { allowParameters } from "../parameters.ts";
import type { SourceAddress } from "../source-address.ts";
import { folderMirror } from "./folder-mirror.ts";
import { indexedMirror } from "./indexed-mirror.ts";
import type { MirrorLayout, MirrorParts } from "./mirror-parts.ts";

/**
 * Terraform's mirrors: `mirror::https://mirror.example.com/providers/HOST/NAMESPACE/TYPE` or the same as a folder, which
 * may hold what a web server would serve (`index.json`), or packed or unpacked providers.
 */
export function mirrorGetter(parts: MirrorParts): Getter {
  const indexed = indexedMirror(parts);
  const folder = folderMirror(parts);
  const layoutOf = async (address: SourceAddress): Promise<MirrorLayout> => {
    allowParameters(address);
    if (hasScheme(address.location)) return indexed;
    const hasIndex = await stat(join(address.location, "index.json")).then(
      () => true,
      () => false,
    );
    return hasIndex ? indexed : folder;
  };
  return {
    name: "mirror",
    versions: async (address, context) => (await layoutOf(address)).versions(address, context),
    release: async (address, version, context) =>
      (await layoutOf(address)).release(address, version, context),
  };
}
