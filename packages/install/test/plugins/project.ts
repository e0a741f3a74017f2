import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";
import {
  InstallError,
  type InstallErrorCode,
  Plugins,
  type PluginsOptions,
  thisPlatform,
} from "@drawbar/install";

const run = promisify(execFile);

export const platform = `${thisPlatform().os}_${thisPlatform().arch}`;

/** A folder for one test file, removed after it. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drawbar-install-"));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A project with a lock file, a root and a cache of its own, unless it shares them. */
export class Project {
  readonly lockFile: string;
  readonly root: string;
  readonly cacheFolder: string;
  readonly #options: PluginsOptions;

  constructor(folder: string, options: PluginsOptions = {}) {
    this.lockFile = options.lockFile ?? join(folder, "drawbar.lock.json");
    this.root = options.root ?? join(folder, "root");
    this.cacheFolder = options.cacheFolder ?? join(folder, "cache");
    this.#options = options;
  }

  plugins(more: PluginsOptions = {}): Plugins {
    const { lockFile, root, cacheFolder } = this;
    return new Plugins({ ...this.#options, lockFile, root, cacheFolder, ...more });
  }

  /** What the lock file says of the plugins in it; undefined if there is none. */
  async locked(): Promise<Record<string, Record<string, unknown>> | undefined> {
    const text = await this.lockText();
    return text === undefined ? undefined : JSON.parse(text).plugins;
  }

  lockText(): Promise<string | undefined> {
    return readFile(this.lockFile, "utf8").catch(() => undefined);
  }
}

/** What a program prints. */
export async function output(program: string): Promise<string> {
  return (await run(program)).stdout.trim();
}

/** Every file below a folder, hidden ones too. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Asserts that it fails with the code and words, and gives the error. */
export async function failure(
  code: InstallErrorCode,
  words: RegExp,
  work: Promise<unknown>,
): Promise<InstallError> {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InstallError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
  return error;
}
