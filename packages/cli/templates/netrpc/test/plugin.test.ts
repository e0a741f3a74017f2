import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcess } from "drawbar/testing";
import { greeter } from "../src/greeter.ts";

test("greets by name", async () => {
  await using kit = await inProcess({ greeter });
  const client = await kit.dispense("greeter");
  assert.equal(await client.Greet("Ada"), "Hello, Ada!");
});
