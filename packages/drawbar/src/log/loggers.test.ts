import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StderrClassifier } from "./classify-stderr-line.ts";
import { consoleLogger } from "./console-logger.ts";
import { jsonLogger } from "./json-logger.ts";
import { createLogger, nullLogger } from "./logger.ts";
import { safeLogger } from "./safe-logger.ts";

describe("the console logger", () => {
  it("writes hclog's text form at its level and above", () => {
    const lines: string[] = [];
    const logger = consoleLogger({
      name: "host",
      level: "info",
      console: { error: (line) => lines.push(line) },
    });
    logger.debug("not this");
    logger.named("kv").warn("slow call", { ms: 12, path: "a b", error: new Error("no"), more: { x: 1 } });
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? "",
      /^\S+Z \[WARN\] {2}host\.kv: slow call: ms=12 path="a b" error="no" more=\{"x":1\}$/,
    );
  });
});

describe("a plugin's logger", () => {
  it("writes lines that every go-plugin host reads", () => {
    const lines: string[] = [];
    const now = (): Date => new Date(0);
    const logger = jsonLogger({ name: "kv", write: (line) => lines.push(line), now });
    logger.info("stored", { key: "a" });
    assert.deepEqual(new StderrClassifier("trace").classify((lines[0] ?? "").trimEnd()), {
      level: "info",
      message: "stored",
      fields: { "@module": "kv", key: "a", timestamp: "1970-01-01T00:00:00.000000Z" },
    });
  });

  it("survives fields that JSON cannot hold", () => {
    const lines: string[] = [];
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const logger = jsonLogger({ write: (line) => lines.push(line) });
    logger.error("odd", { cycle, big: 5n });
    assert.equal(JSON.parse(lines[0] ?? "")["big"], "5");
  });
});

describe("the null logger", () => {
  it("is off, under every name", () => {
    assert.equal(nullLogger.level, "off");
    assert.equal(nullLogger.named("x").level, "off");
  });
});

describe("a logger of the caller's that throws", () => {
  it("harms nobody", () => {
    const throwing = createLogger({
      write: () => {
        throw new Error("disk full");
      },
    });
    safeLogger(throwing).named("x").error("message");
  });
});
