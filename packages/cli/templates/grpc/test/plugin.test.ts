import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcess } from "drawbar/testing";
import { greeter } from "../src/greeter.ts";

test("greets by name", async () => {
  await using kit = await inProcess({ greeter });
  const client = await kit.dispense("greeter");
  assert.equal((await client.greet({ name: "Ada" })).text, "Hello, Ada!");
});

test("spells a name", async () => {
  await using kit = await inProcess({ greeter });
  const client = await kit.dispense("greeter");
  const letters: string[] = [];
  for await (const { letter } of client.spell({ name: "Ada" })) letters.push(letter);
  assert.deepEqual(letters, ["A", "d", "a"]);
});
