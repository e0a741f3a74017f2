import assert from "node:assert/strict";
import { inspect } from "node:util";

/** Fails if a secret is anywhere in a value: its text, its stack, its hidden properties, its causes. */
export function assertHides(value: unknown, ...secrets: readonly string[]): void {
  const shown = [
    String(value),
    inspect(value, { depth: 30, showHidden: true, maxStringLength: null }),
    value instanceof Error ? `${value.stack}` : JSON.stringify(value),
  ].join("\n");
  for (const secret of secrets) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    ];
    for (const form of forms) assert.ok(!shown.includes(form), `the secret ${form} is in ${shown}`);
  }
}
