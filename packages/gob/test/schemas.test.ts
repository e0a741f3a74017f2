import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";

test("schemas give static types", () => {
  const Person = gob.struct("Person", {
    Name: gob.string,
    Id: gob.bigUint64,
    Friends: gob.map(gob.string, gob.pointer(gob.int)),
    Shape: gob.oneOf({ circle: gob.float64, name: gob.string }),
  });
  const stream = gob.encode(Person, { Name: "a", Id: 5, Friends: new Map([["b", 1]]) });
  const person: {
    Name: string;
    Id: bigint;
    Friends: Map<string, number | null>;
    Shape: gob.InterfaceValue<"circle", number> | gob.InterfaceValue<"name", string> | null;
  } = gob.decode(Person, stream);
  assert.equal(person.Id, 5n);
  // @ts-expect-error a field of the wrong type does not compile
  assert.throws(() => gob.encode(Person, { Name: 5 }), { code: "gob-value" });
  // @ts-expect-error a field that the struct does not have does not compile
  gob.encode(Person, { Nickname: "x" });
  // @ts-expect-error a name that is not in the union does not compile
  assert.throws(() => gob.encode(Person, { Shape: { type: "square", value: 1 } }), {
    code: "gob-unregistered",
  });
});

test("values nest to the default limit of depth without running out of stack", () => {
  interface Chain {
    Next: Chain | null;
    More: Chain[];
  }
  const Chain: gob.Schema<Chain, Partial<Chain>> = gob.struct("Chain", {
    Next: gob.pointer(gob.lazy(() => Chain)),
    More: gob.slice(gob.lazy(() => Chain)),
  });
  let chain: Partial<Chain> = {};
  for (let depth = 2; depth < gob.defaultGobLimits.maxDepth; depth += 2) chain = { More: [chain as Chain] };
  const stream = gob.encode(Chain, chain);
  assert.deepEqual(gob.encode(Chain, gob.decode(Chain, stream)), stream);
  gob.decodeAny(stream);
  const skipper = new gob.Decoder();
  skipper.push(stream);
  assert.ok(skipper.skip());
});
