import type { InstallError } from "../install-error.ts";

/** How a key that is locked gets its passphrase, and says that it is wrong. */
export interface Unlock {
  passphrase(): Promise<string>;
  wrong(cause?: unknown): InstallError;
}
