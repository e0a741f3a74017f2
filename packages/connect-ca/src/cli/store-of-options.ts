import { readFile } from "node:fs/promises";
import { FileStore } from "../store/file-store.ts";
import { MemoryStore } from "../store/memory-store.ts";
import type { StateStore } from "../store/state-store.ts";
import type { StoreSecret } from "../store/store-key.ts";
import { UsageError } from "./usage-error.ts";

/** Options of a command that say where the built-in provider's store is, for node's parseArgs. */
export const storeOptions = {
  state: { type: "string" },
  "key-file": { type: "string" },
  "passphrase-file": { type: "string" },
  "take-over": { type: "boolean" },
} as const;

/** Their values; those that are not given come from the environment. */
export interface StoreChoice {
  readonly state?: string | undefined;
  readonly "key-file"?: string | undefined;
  readonly "passphrase-file"?: string | undefined;
  readonly "take-over"?: boolean | undefined;
}

export const storeUsage = `  --state FOLDER            where keys and serial numbers are kept, encrypted (CONNECT_CA_STATE);
                            without it they end with the process
  --key-file FILE           32 random bytes or more that protect it (CONNECT_CA_KEY_FILE), or
  --passphrase-file FILE    a file whose first line does (CONNECT_CA_PASSPHRASE_FILE)
  --take-over               open it although another container had it open; only if none has
`;

/** The store that a command line and an environment ask for. Throws StoreError, and UsageError for a wrong choice. */
export async function openChosenStore(
  choice: StoreChoice,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StateStore> {
  const folder = choice.state ?? environment["CONNECT_CA_STATE"];
  if (folder === undefined || folder === "") return new MemoryStore();
  const secret = await secretOf(
    choice["key-file"] ?? environment["CONNECT_CA_KEY_FILE"],
    choice["passphrase-file"] ?? environment["CONNECT_CA_PASSPHRASE_FILE"],
  );
  return await FileStore.open({ folder, secret, takeOver: choice["take-over"] ?? false });
}

async function secretOf(keyFile = "", passphraseFile = ""): Promise<StoreSecret> {
  if ((keyFile === "") === (passphraseFile === "")) {
    throw new UsageError("a state folder needs --key-file or --passphrase-file, and not both");
  }
  if (keyFile !== "") return { keyFile };
  const [passphrase = ""] = (await readFile(passphraseFile, "utf8")).split(/\r?\n/, 1);
  return { passphrase };
}
