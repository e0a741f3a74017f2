import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import type { LogThreshold } from "../log/log-level.ts";
import { createLogger, nullLogger } from "../log/logger.ts";
import { RecentLines } from "./recent-lines.ts";
import { SafeSink, type Sink } from "./sink.ts";
import { StderrPump } from "./stderr-pump.ts";

function setUp(level: LogThreshold = "trace", maxLineBytes = 64) {
  const entries: string[] = [];
  const raw: Buffer[] = [];
  const recent = new RecentLines();
  const logger = createLogger({ level, write: (entry) => entries.push(`${entry.level}: ${entry.message}`) });
  const sink = new SafeSink({ write: (chunk) => raw.push(Buffer.from(chunk)) }, "stderr", logger);
  const pump = new StderrPump({ logger, sink, recent, maxLineBytes });
  return { pump, entries, recent, raw: () => Buffer.concat(raw).toString() };
}

describe("a plugin's stderr", () => {
  it("is logged line by line at the level it has, and passed on as it is", () => {
    const { pump, entries, raw, recent } = setUp();
    const text = '[WARN] careful\r\n{"@message":5}\n{"@level":"error","@message":"m"}\nno end';
    for (const byte of text) pump.push(Buffer.from(byte));
    pump.end();
    assert.deepEqual(entries, ["warn: [WARN] careful", 'debug: {"@message":5}', "error: m", "debug: no end"]);
    assert.equal(raw(), text);
    assert.deepEqual(recent.toArray().slice(-1), ["no end"]);
  });

  it("in a line over the limit is logged in pieces at debug, whatever it begins with", () => {
    const { pump, entries } = setUp("trace", 16);
    pump.push(Buffer.from(`[ERROR] ${"x".repeat(20)}\n[ERROR] short\n`));
    assert.deepEqual(entries, [
      `debug: [ERROR] ${"x".repeat(8)}`,
      `debug: ${"x".repeat(12)}`,
      "error: [ERROR] short",
    ]);
  });

  // go-plugin's TestClient_logStderr and TestClient_logStderrParseJSON, with their input.
  it("with lines over the limit is passed on to its last byte", () => {
    const { pump, raw } = setUp("trace", 32);
    const text =
      "\nthis line is more than 32 bytes long\nand this line is more than 32 bytes long\n" +
      '{"a": "b", "@level": "debug"}\nthis line is short\n';
    pump.push(Buffer.from(text));
    pump.end();
    assert.equal(raw(), text);
  });

  it("in JSON over the limit is not read as JSON", () => {
    const { pump, entries } = setUp("trace", 64);
    pump.push(
      Buffer.from(
        '{"@message": "this is a message", "@level": "info"}\n' +
          '{"@message": "this is a large message that is more than 64 bytes long", "@level": "info"}',
      ),
    );
    pump.end();
    assert.deepEqual(entries, [
      "info: this is a message",
      'debug: {"@message": "this is a large message that is more than 64 bytes',
      'debug:  long", "@level": "info"}',
    ]);
  });

  it("is not looked into when the host's logger is off", () => {
    const { pump, entries, raw } = setUp("off");
    pump.push(Buffer.from("[ERROR] unheard\n"));
    assert.deepEqual(entries, []);
    assert.equal(raw(), "[ERROR] unheard\n");
  });
});

describe("a sink of the host's", () => {
  it("that is slow is waited for, and left without listeners", async () => {
    const slow = Object.assign(new EventEmitter(), { write: () => false });
    const wait = new SafeSink(slow, "stderr", nullLogger).write(Buffer.from("x"));
    assert.ok(wait !== undefined);
    slow.emit("drain");
    await wait;
    assert.deepEqual(slow.eventNames(), []);
  });

  it("that throws is told of once", () => {
    const complaints: string[] = [];
    const logger = createLogger({ write: (entry) => complaints.push(entry.message) });
    const throwing: Sink = {
      write() {
        throw new Error("full");
      },
    };
    const sink = new SafeSink(throwing, "syncStdout", logger);
    sink.write(Buffer.from("1"));
    sink.write(Buffer.from("2"));
    assert.deepEqual(complaints, ["the host's syncStdout sink threw; its output is lost"]);
  });
});
