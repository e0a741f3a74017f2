import assert from "node:assert/strict";
import { inspect } from "node:util";

/** Fails if `value`, however it is printed, shows one of `secrets`; texts may be of any length. */
export function assertShowsNone(value: unknown, secrets: readonly string[]): void {
  const stack = value instanceof Error ? [value.stack, value.message] : [];
  const shown = [
    typeof value === "string"
      ? value
      : inspect(value, { depth: 20, showHidden: true, maxStringLength: null }),
    String(JSON.stringify(value)),
    ...stack,
  ];
  for (const secret of secrets) {
    assert.ok(secret.length > 4 && !shown.some((text) => text?.includes(secret)), "a secret is shown");
  }
}

/** What a call rejects with, after a look at every way it could show one of `secrets`. */
export async function failureOf(
  call: Promise<unknown>,
  secrets: readonly string[],
): Promise<Error & { readonly code: string }> {
  const error: unknown = await call.then(
    () => assert.fail("the call should have failed"),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof Error && "code" in error, inspect(error));
  assertShowsNone(error, secrets);
  return error as Error & { readonly code: string };
}
