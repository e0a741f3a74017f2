import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of a test, which goes with the block that made it. */
export class TestFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), "drawbar-install-")));
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** Everything in it, by paths with `/`, sorted. */
  async list(): Promise<readonly string[]> {
    const entries = await readdir(this.path, { recursive: true });
    return entries.map((name) => name.replaceAll("\\", "/")).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
