import type { Transfer } from "../../transfer/transfer.ts";
import type { TreeBounds } from "../file/copy-tree.ts";
import type { Getter } from "../getter.ts";
import type { DocumentReader } from "../read-location.ts";
import type { SumsFinder } from "../sums-finder.ts";

/** One way in which a mirror is laid out. */
export type MirrorLayout = Pick<Getter, "versions" | "release">;

/** What mirrors are read with. */
export interface MirrorParts {
  readonly transfer: Transfer;
  readonly reader: DocumentReader;
  readonly sums: SumsFinder;
  readonly bounds: TreeBounds;
}
