import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { StderrClassifier } from "./classify-stderr-line.ts";

const at = "2026-04-01T10:20:30.123456Z";

describe("a line of a plugin's stderr", () => {
  it("that is hclog's JSON keeps its level, message and fields", () => {
    const line = `{"@level":"warn","@message":"low disk","@module":"kv","@timestamp":"${at}","free":12}`;
    assert.deepEqual(new StderrClassifier("trace").classify(line), {
      level: "warn",
      message: "low disk",
      fields: { "@module": "kv", free: 12, timestamp: at },
    });
  });

  it("without a level it knows is shown as it is, at debug", () => {
    const classifier = new StderrClassifier("trace");
    for (const line of [
      '{"a":1}',
      '{"@message":"m"}',
      '{"@level":"loud","@message":"m"}',
      "[1,2]",
      "plain",
      "",
    ]) {
      assert.deepEqual(classifier.classify(line), { level: "debug", message: line });
    }
  });

  it("that would crash a Go host is shown as it is", () => {
    const classifier = new StderrClassifier("trace");
    for (const line of [
      '{"@message":5}',
      '{"@level":7,"@message":"m"}',
      '{"@level":"info","@timestamp":1}',
      '{"@level":"info","@message":null}',
    ]) {
      assert.deepEqual(classifier.classify(line), { level: "debug", message: line });
    }
  });

  it("with a level in brackets gets that level", () => {
    const classifier = new StderrClassifier("trace");
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) {
      const line = `[${level.toUpperCase()}] text`;
      assert.deepEqual(classifier.classify(line), { level, message: line });
    }
  });

  it("after a Go panic is an error unless it says otherwise", () => {
    const classifier = new StderrClassifier("trace");
    assert.equal(classifier.classify("before")?.level, "debug");
    assert.equal(classifier.classify("panic: oh no")?.level, "error");
    assert.equal(classifier.classify("goroutine 1 [running]:")?.level, "error");
    assert.equal(classifier.classify("[INFO] still here")?.level, "info");
    assert.equal(classifier.classify("main.main()")?.level, "error");
    assert.equal(
      new StderrClassifier("trace").classify("fatal error: all goroutines are asleep")?.level,
      "error",
    );
  });

  it("below the host's level is dropped", () => {
    const classifier = new StderrClassifier("warn");
    assert.equal(classifier.classify("plain"), undefined);
    assert.equal(classifier.classify(`{"@level":"info","@message":"m","@timestamp":"${at}"}`), undefined);
    assert.equal(classifier.classify("[WARN] x")?.level, "warn");
  });

  it("never makes the host throw, whatever it holds", () => {
    const classifier = new StderrClassifier("trace");
    const key = fc.constantFrom("@message", "@level", "@timestamp", "__proto__", "x");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.dictionary(key, fc.jsonValue()).map((value) => JSON.stringify(value)),
        ),
        (line) => {
          const entry = classifier.classify(line);
          assert.equal(typeof entry?.message, "string");
        },
      ),
    );
  });
});
