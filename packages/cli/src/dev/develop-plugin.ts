import { chmod, mkdir, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { BuildError } from "../build/build-error.ts";
import { type Chunks, watchChunks } from "../build/bundle-chunks.ts";
import { joinChunks } from "../build/join-chunks.ts";
import { plainFile } from "../build/single-file.ts";
import { DebuggedPlugin } from "./debugged-plugin.ts";
import type { DevelopOptions } from "./develop-options.ts";

/** Builds a plugin and serves it without a host, anew after each change. Resolves after the signal's abort. */
export async function developPlugin(options: DevelopOptions): Promise<void> {
  const developer = new Developer(options);
  await using _watch = await watchChunks(options, (result) => developer.take(result));
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await developer.stop();
}

class Developer {
  readonly #options: DevelopOptions;
  #latest: Chunks | undefined;
  #plugin: DebuggedPlugin | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DevelopOptions) {
    this.#options = options;
  }

  take(result: Chunks | BuildError): void {
    if (result instanceof BuildError) {
      this.#options.onEvent({ kind: "build-failed", error: result });
      return;
    }
    // Of several changes while the plugin starts, only the last is of interest.
    this.#latest = result;
    this.#turn = this.#turn.then(() => this.#restart());
  }

  async stop(): Promise<void> {
    await this.#turn;
    await this.#plugin?.stop();
  }

  async #restart(): Promise<void> {
    const { signal, onEvent } = this.#options;
    const chunks = this.#latest;
    this.#latest = undefined;
    if (chunks === undefined || signal.aborted) return;
    try {
      const file = await this.#write(chunks);
      await this.#plugin?.stop();
      this.#plugin = new DebuggedPlugin(file, this.#options);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      onEvent({ kind: "build-failed", error });
    }
  }

  async #write(chunks: Chunks): Promise<string> {
    const { entry, folder } = this.#options;
    const file = join(folder, basename(entry, extname(entry)));
    const { contents, map } = plainFile(await joinChunks(chunks, false), `${basename(file)}.map`);
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.map`, map);
    await writeFile(file, contents);
    await chmod(file, 0o755);
    return file;
  }
}
