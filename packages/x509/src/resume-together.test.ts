import assert from "node:assert/strict";
import { test } from "node:test";
import { resumeTogether } from "./resume-together.ts";

test("what is handed in by several callbacks is resumed in one turn, in order, and later ones in the next", async () => {
  const seen: string[] = [];
  const handIn = (name: string): Promise<void> =>
    new Promise((resolve) => {
      resumeTogether(() => {
        seen.push(name);
        // Runs when the turn is over.
        process.nextTick(() => seen.push(`after ${name}`));
        resolve();
      });
    });
  const first = handIn("a");
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const second = handIn("b");
  assert.deepEqual(seen, []);
  await Promise.all([first, second]);
  assert.deepEqual(seen.slice(0, 2), ["a", "b"]);
  await handIn("c");
  assert.deepEqual(seen.slice(0, 5), ["a", "b", "after a", "after b", "c"]);
});
