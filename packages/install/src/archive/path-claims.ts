import { quote, unsafeEntry } from "./archive-failure.ts";

type Kind = "file" | "folder";

/** Who has taken which path: no entry may replace, hide or spell differently what another one made. */
export class PathClaims {
  readonly #claims = new Map<string, { readonly path: string; readonly kind: Kind }>();

  /**
   * Takes a path and the folders on the way to it.
   * @returns the folders that are new, outermost first; with the path itself where it is a new folder
   */
  claim(name: string, segments: readonly string[], kind: Kind): readonly string[] {
    const created: string[] = [];
    for (let depth = 1; depth <= segments.length; depth++) {
      const path = segments.slice(0, depth).join("/");
      const wanted: Kind = depth < segments.length ? "folder" : kind;
      if (this.#take(name, path, wanted) && wanted === "folder") created.push(path);
    }
    return created;
  }

  #take(name: string, path: string, kind: Kind): boolean {
    const key = fold(path);
    const earlier = this.#claims.get(key);
    if (earlier === undefined) {
      this.#claims.set(key, { path, kind });
      return true;
    }
    if (earlier.path !== path) {
      throw unsafeEntry(name, `is ${quote(earlier.path)} again where case or accents do not count`);
    }
    if (earlier.kind !== kind) throw unsafeEntry(name, `makes ${quote(path)} both a file and a folder`);
    if (kind === "file") throw unsafeEntry(name, "is there twice");
    return false;
  }
}

// Upper case first: it folds what lower case alone keeps apart, such as ß and ss.
function fold(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
