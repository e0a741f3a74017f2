import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Http2Error } from "@drawbar/http2";
import fc from "fast-check";
import { Metadata } from "../metadata/metadata.ts";
import { statusFromHttp } from "./http-status.ts";
import { statusFromReset } from "./reset-status.ts";
import { StatusCode, type StatusName, statusName } from "./status-code.ts";
import { isStatusError, StatusError, toStatusError } from "./status-error.ts";
import { errorFromTrailers, statusHeaders } from "./status-headers.ts";

const failures = Object.keys(StatusCode).filter((name) => name !== "OK") as StatusName[];

describe("status in trailers", () => {
  test("code, message, details and metadata come back as they were sent", () => {
    const message = fc.string({ unit: "grapheme" });
    const details = fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...failures), message, details, (name, text, bytes) => {
        const metadata = new Metadata({ "x-more": "1" });
        const sent = new StatusError(name, text, { details: bytes, metadata });
        const received = errorFromTrailers([...statusHeaders(sent), ...metadata.toHeaders()]);
        assert.equal(received?.statusName, name);
        assert.equal(received.status, StatusCode[name]);
        assert.equal(received.statusMessage, text);
        assert.deepEqual(received.details, bytes);
        assert.deepEqual([...received.metadata], [["x-more", "1"]]);
      }),
    );
  });

  test("OK is no error", () => {
    assert.equal(errorFromTrailers(["grpc-status", "0"]), undefined);
    assert.equal(errorFromTrailers(["grpc-status", "00"]), undefined);
  });

  test("a status that is missing is UNKNOWN and says so", () => {
    const error = errorFromTrailers(["x", "y"]);
    assert.equal(error?.code, "grpc-unknown");
    assert.match(error.message, /without a grpc-status/);
  });

  test("a status that is malformed or not known is UNKNOWN and shows the value", () => {
    for (const text of ["99", "-1", "five", "", "1e1", "4294967296"]) {
      const error = errorFromTrailers(["grpc-status", text]);
      assert.equal(error?.code, "grpc-unknown", text);
      assert.deepEqual(error.facts, { grpcStatus: text });
    }
    assert.equal(errorFromTrailers(["grpc-status", "99", "grpc-message", "why"])?.statusMessage, "why");
  });
});

describe("status from elsewhere", () => {
  test("HTTP's statuses stand for what the specification says", () => {
    const expected = {
      400: "INTERNAL",
      401: "UNAUTHENTICATED",
      403: "PERMISSION_DENIED",
      404: "UNIMPLEMENTED",
    };
    for (const [http, name] of Object.entries(expected)) assert.equal(statusFromHttp(http), name);
    for (const http of ["429", "502", "503", "504"]) assert.equal(statusFromHttp(http), "UNAVAILABLE");
    for (const http of ["500", "302", "418", ""]) assert.equal(statusFromHttp(http), "UNKNOWN");
  });

  test("resets stand for what the specification says", () => {
    const name = (code: ConstructorParameters<typeof Http2Error>[1]): string =>
      statusFromReset(new Http2Error("http2-stream-reset", code, "x")).statusName;
    assert.equal(name("REFUSED_STREAM"), "UNAVAILABLE");
    assert.equal(name("CANCEL"), "CANCELLED");
    assert.equal(name("ENHANCE_YOUR_CALM"), "RESOURCE_EXHAUSTED");
    assert.equal(name("INADEQUATE_SECURITY"), "PERMISSION_DENIED");
    assert.equal(name("PROTOCOL_ERROR"), "INTERNAL");
  });

  test("a lost connection is UNAVAILABLE, with the loss as its cause", () => {
    const lost = new Http2Error("http2-connection-lost", "INTERNAL_ERROR", "the socket closed");
    const error = statusFromReset(lost);
    assert.equal(error.code, "grpc-unavailable");
    assert.equal(error.cause, lost);
    assert.match(error.message, /the socket closed/);
  });

  test("a lost connection's reason is said once, wherever it stands", () => {
    const cause = new Error("the plugin ended");
    for (const text of ["the connection was lost: the plugin ended", "the connection was lost"]) {
      const lost = new Http2Error("http2-connection-lost", "CANCEL", text, { cause });
      assert.equal(statusFromReset(lost).message, "UNAVAILABLE: the connection was lost: the plugin ended");
    }
  });
});

describe("StatusError", () => {
  test("its number, name and stable code belong together", () => {
    const error = new StatusError("DEADLINE_EXCEEDED", "too slow");
    assert.equal(error.status, 4);
    assert.equal(statusName(4), "DEADLINE_EXCEEDED");
    assert.equal(error.code, "grpc-deadline-exceeded");
    assert.equal(error.message, "DEADLINE_EXCEEDED: too slow");
    assert.equal(isStatusError(error), true);
    assert.equal(isStatusError(new Error("x")), false);
  });

  test("any other error that a handler throws is UNKNOWN with its own message", () => {
    const thrown = new Error("no such key");
    const error = toStatusError(thrown);
    assert.equal(error.statusName, "UNKNOWN");
    assert.equal(error.statusMessage, "no such key");
    assert.equal(error.cause, thrown);
    assert.equal(toStatusError("text").statusMessage, "text");
    assert.equal(toStatusError(error), error);
  });
});
