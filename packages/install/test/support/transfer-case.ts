import { readFile } from "node:fs/promises";
import { HttpTransfer, type InstallError, type TransferOptions } from "@drawbar/install";
import { TestFolder } from "./folder.ts";
import { TestClock } from "./test-clock.ts";

/** Lengths that tell deadlines apart on a TestClock. */
export const limits = {
  headerMs: 30_000,
  stallMs: 31_000,
  documentMs: 40_000,
  artifactMs: 41_000,
  retryMs: 8,
} as const;

/** One transfer with a clock and a folder of its own, in which downloads go to `file`. */
export class TransferCase implements AsyncDisposable {
  readonly clock: TestClock = new TestClock();
  readonly transfer: HttpTransfer;
  readonly folder: TestFolder;

  private constructor(folder: TestFolder, { limits: some, ...options }: TransferOptions) {
    this.folder = folder;
    const all = { ...limits, stallBytes: 100, ...some };
    this.transfer = new HttpTransfer({
      env: { HOME: folder.path },
      clock: this.clock,
      ...options,
      limits: all,
    });
  }

  static async make(options: TransferOptions = {}): Promise<TransferCase> {
    return new TransferCase(await TestFolder.make(), options);
  }

  get file(): string {
    return this.folder.at("artifact.part");
  }

  /** Downloads, and gives the bytes. */
  async download(url: string, options: DownloadOptions = {}): Promise<Buffer> {
    const signal = options.signal ?? new AbortController().signal;
    const onBytes = options.onBytes ?? (() => {});
    await this.transfer.download({ ...options, url, signal }, { file: this.file, onBytes });
    return readFile(this.file);
  }

  async read(url: string, options: Pick<DownloadOptions, "maxBytes" | "signal"> = {}): Promise<string> {
    const signal = options.signal ?? new AbortController().signal;
    return (await this.transfer.read({ ...options, url, signal })).bytes.toString("utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
  readonly onBytes?: (received: number, total: number | undefined) => void;
}

/** The error that a promise ends with; fails if there is none. */
export async function failureOf(promise: Promise<unknown>): Promise<InstallError> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: InstallError) => error,
  );
}
