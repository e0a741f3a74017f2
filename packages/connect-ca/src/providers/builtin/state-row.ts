import { createHash } from "node:crypto";
import type { BuiltinConfig } from "../../config/builtin-config.ts";
import { colonHex } from "../../names/colon-hex.ts";
import { notInitialized } from "../../provider/provider-error.ts";
import type { StateStore } from "../../store/state-store.ts";

/** All that the built-in provider keeps, PEM or "". Another kind of key or another root has another row. */
export interface StateRow {
  /** The key that certificates are signed with. */
  readonly privateKey: string;
  /** In a secondary: the primary's root, which the intermediate was verified against. */
  readonly rootCert: string;
  /** In a secondary: what leafs are signed with. */
  readonly intermediateCert: string;
  /** In a secondary: the key of the last request, until its certificate comes. */
  readonly pendingKey: string;
}

const emptyRow: StateRow = { privateKey: "", rootCert: "", intermediateCert: "", pendingKey: "" };

/** The row's name: what of the configuration makes another CA. Lifetimes do not. */
export function rowId(config: BuiltinConfig, isPrimary: boolean): string {
  const { privateKey, rootCert, privateKeyType, privateKeyBits } = config;
  return hash(`${privateKey},${rootCert},${privateKeyType},${privateKeyBits},${isPrimary}`);
}

/** Names that rows had before there were kinds of keys and before names were hashed. */
export function olderRowIds({ privateKey, rootCert }: BuiltinConfig, isPrimary: boolean): readonly string[] {
  return [hash(`${privateKey},${rootCert},${isPrimary}`), `${privateKey},${rootCert}`];
}

function hash(text: string): string {
  return colonHex(createHash("sha256").update(text).digest());
}

/** The place of one row in a store. */
export class StateRows {
  readonly #store: StateStore;
  readonly #key: string;

  constructor(store: StateStore, id: string) {
    this.#store = store;
    this.#key = keyOf(id);
  }

  /** Sees to it that there is a row: this one, that of the first of `olderIds` there is, or an empty one. */
  async ensure(olderIds: readonly string[]): Promise<void> {
    if ((await this.#store.get(this.#key)) !== undefined) return;
    for (const key of olderIds.map(keyOf)) {
      const row = await this.#store.get(key);
      if (row === undefined) continue;
      // In this order: a death in between leaves both, never none.
      await this.#store.replace(this.#key, undefined, row);
      await this.#store.replace(key, row, undefined);
      return;
    }
    await this.#store.replace(this.#key, undefined, JSON.stringify(emptyRow));
  }

  /** The row as it is stored. Equal texts are equal rows. Throws `ca-not-initialized` if it is gone. */
  async readText(): Promise<string> {
    const text = await this.#store.get(this.#key);
    if (text === undefined) throw notInitialized();
    return text;
  }

  async read(): Promise<StateRow> {
    return parseRow(await this.readText());
  }

  /** Changes the row in one step; `edit` may be called again when somebody else was faster. */
  async change(edit: (row: StateRow) => Promise<StateRow> | StateRow): Promise<StateRow> {
    for (;;) {
      const text = await this.readText();
      const row = await edit(parseRow(text));
      if (await this.#store.replace(this.#key, text, JSON.stringify(row))) return row;
    }
  }

  async remove(): Promise<void> {
    await this.#store.replace(this.#key, await this.#store.get(this.#key), undefined);
  }
}

export function parseRow(text: string): StateRow {
  return { ...emptyRow, ...(JSON.parse(text) as Partial<StateRow>) };
}

function keyOf(id: string): string {
  return `builtin-provider/${id}`;
}
