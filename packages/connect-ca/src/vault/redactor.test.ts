import assert from "node:assert/strict";
import { test } from "node:test";
import { Redactor } from "./redactor.ts";

test("the token and secret fields vanish from texts, at any depth; names and short words stay", () => {
  const redactor = new Redactor();
  redactor.add("s.token");
  redactor.addFields({ password: "hunter22", nested: { secret_id: "abcd-1" }, role: "web", jwt: "ey" });
  assert.equal(
    redactor.redact("s.token hunter22 abcd-1 web ey hunter22"),
    "[redacted] [redacted] [redacted] web ey [redacted]",
  );
});
