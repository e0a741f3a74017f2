import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcess } from "drawbar/testing";
import { plugins } from "../src/contract.ts";

test("calls a plugin, here one that stands in for the real one", async () => {
  const greeter = plugins.greeter.implement({ Greet: (name) => name.toUpperCase() });
  await using kit = await inProcess({ greeter });
  const client = await kit.dispense("greeter");
  assert.equal(await client.Greet("Ada"), "ADA");
});
