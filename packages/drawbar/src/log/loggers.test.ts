import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { StderrClassifier } from "./classify-stderr-line.ts";
import { consoleLogger } from "./console-logger.ts";
import { jsonLogger } from "./json-logger.ts";
import { createLogger, nullLogger } from "./logger.ts";
import { pinoToHclog } from "./pino-destination.ts";
import { pinoLogger } from "./pino-logger.ts";
import { routeConsole } from "./route-console.ts";
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

describe("a logger with fields", () => {
  it("adds them to every entry, under every name, and lets an entry's own win", () => {
    const entries: unknown[] = [];
    const logger = createLogger({
      level: "trace",
      write: ({ logger, fields }) => entries.push([logger, fields]),
    });
    const request = logger.with({ request: 7, user: "a" });
    request.named("db").info("x", { user: "b" });
    safeLogger(request).with({ more: true }).info("y");
    logger.info("z");
    assert.deepEqual(entries, [
      ["db", { request: 7, user: "b" }],
      ["", { request: 7, user: "a", more: true }],
      ["", {}],
    ]);
  });
});

describe("a routed console", () => {
  it("logs at the level of the method, formatted, until it is given back", () => {
    const lines: string[] = [];
    const original = (..._: unknown[]): void => {
      lines.push("original");
    };
    const target = {
      trace: original,
      debug: original,
      log: original,
      info: original,
      warn: original,
      error: original,
    };
    const logger = createLogger({
      level: "trace",
      write: ({ level, message }) => lines.push(`${level} ${message}`),
    });
    const giveBack = routeConsole(logger, target);
    target.log("%d of %s", 1, "two", { three: 3 });
    target.trace("t");
    target.error("e");
    giveBack();
    target.log("x");
    assert.deepEqual(lines, ["info 1 of two { three: 3 }", "trace t", "error e", "original"]);
  });
});

describe("pino, in front of drawbar", () => {
  it("gets levels, fields and the names of parts", () => {
    const lines: Record<string, unknown>[] = [];
    const options: pino.LoggerOptions = { level: "debug", base: null, timestamp: false };
    const logger = pinoLogger(
      pino(options, {
        write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
      }),
    );
    assert.equal(logger.level, "debug");
    logger.trace("below");
    logger.named("host").with({ request: 7 }).named("kv").warn("slow", { ms: 12 });
    logger.info("plain");
    assert.deepEqual(lines, [
      { level: 40, module: "host.kv", request: 7, ms: 12, msg: "slow" },
      { level: 30, msg: "plain" },
    ]);
    assert.equal(pinoLogger(pino({ level: "silent" })).level, "off");
  });
});

describe("pino, in a plugin", () => {
  it("writes lines that every go-plugin host reads", () => {
    const lines: string[] = [];
    const logger = pino(
      { level: "trace", name: "kv" },
      pinoToHclog((line) => lines.push(line)),
    );
    logger.fatal({ key: "a" }, "lost");
    logger.trace("t");
    const [lost, traced] = lines.map((line) => new StderrClassifier("trace").classify(line.trimEnd()));
    assert.equal(lost?.level, "error");
    assert.equal(lost?.message, "lost");
    assert.equal(lost?.fields?.["@module"], "kv");
    assert.equal(lost?.fields?.["key"], "a");
    assert.match(String(lost?.fields?.["timestamp"]), /^\d{4}-\d\d-\d\dT.*000Z$/);
    assert.deepEqual([traced?.level, traced?.message], ["trace", "t"]);
  });
});
