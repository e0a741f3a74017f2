import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@drawbar/grpc";
import { DrawbarError } from "@drawbar/io";
import { ConfigError } from "../../config/config-error.ts";
import { ProviderError } from "../../provider/provider-error.ts";
import { StoreError } from "../../store/store-error.ts";
import { ValidationError } from "../../validation/validation-error.ts";
import { errorCodeOfText } from "./error-code-of-text.ts";
import { decodeErrorInfo, encodeErrorInfo } from "./error-info.ts";
import { errorKinds, makeError } from "./error-kinds.ts";
import { fromFailure } from "./from-failure.ts";
import { toStatusError } from "./to-status-error.ts";

function across(error: unknown): Error {
  const { statusName, statusMessage, details } = toStatusError(error);
  return fromFailure(new StatusError(statusName, statusMessage, { details }), "sign", undefined);
}

test("every code crosses as it is, in its own class and words", () => {
  for (const code of errorKinds.keys()) {
    const error = makeError(code, `words of ${code}`, undefined);
    const arrived = across(error);
    assert.equal(arrived.constructor, error.constructor);
    assert.equal((arrived as DrawbarError).code, code);
    assert.equal(arrived.message, `words of ${code}`);
  }
  assert.ok(across(new ConfigError("x")) instanceof ConfigError);
  assert.ok(across(new ValidationError("ca-request-invalid", "x")) instanceof ValidationError);
});

test("what hosts do not know is a failure of what stands behind the provider", () => {
  for (const error of [new TypeError("x"), new StoreError("ca-store-failed", "x"), "x"]) {
    const arrived = across(error);
    assert.ok(arrived instanceof ProviderError);
    assert.equal(arrived.code, "ca-backend-failed");
    assert.equal(arrived.message, "x");
  }
});

test("the status of other plugins' errors stands in for a code", () => {
  const codeOf = (status: ConstructorParameters<typeof StatusError>[0], message = ""): unknown =>
    (fromFailure(new StatusError(status, message), "sign", undefined) as DrawbarError).code;
  assert.equal(codeOf("UNIMPLEMENTED"), "ca-unsupported");
  assert.equal(codeOf("UNAVAILABLE"), "ca-unavailable");
  assert.equal(codeOf("DEADLINE_EXCEEDED"), "ca-unavailable");
  assert.equal(codeOf("RESOURCE_EXHAUSTED"), "ca-rate-limited");
  assert.equal(codeOf("PERMISSION_DENIED"), "ca-permission-denied");
  assert.equal(codeOf("UNKNOWN", "provider not initialized"), "ca-not-initialized");
  assert.equal(codeOf("UNKNOWN", "something else"), "ca-backend-failed");
});

test("a plugin's end is told from what it answered", () => {
  const exited = new DrawbarError("plugin-exited", "plugin x (pid 1) ended by itself: exit code 7");
  const failure = new StatusError("UNAVAILABLE", "connection lost", { cause: exited });
  const error = fromFailure(failure, "sign", undefined) as ProviderError;
  assert.equal(error.code, "ca-unavailable");
  assert.match(error.message, /^the CA provider's plugin was lost during sign: plugin x .* exit code 7\n/);
  assert.equal(error.cause, failure);
  const aborted = fromFailure(failure, "sign", AbortSignal.abort()) as ProviderError;
  assert.equal(aborted.code, "ca-aborted");
});

test("texts of upstream's providers stand for codes", () => {
  const meanings: Readonly<Record<string, string>> = {
    "provider not initialized": "ca-not-initialized",
    "operation rate limited by CA provider": "ca-rate-limited",
    "cannot set an intermediate using another root in the primary datacenter": "ca-is-primary",
    "intermediate is not a CA certificate": "ca-intermediate-invalid",
    "incoming intermediate cert has unexpected number of URIs: 0": "ca-intermediate-invalid",
    "incoming CSR has unexpected number of URIs: 2": "ca-request-invalid",
    "leaf cert TTL must be greater or equal than 1h0m0s": "ca-config-invalid",
    "error issuing cert: Error making API request.\n\nCode: 403. Errors:\n\n* permission denied":
      "ca-permission-denied",
    "rpc: can't find method Plugin.State": "ca-unsupported",
    "error issuing cert: Vault answered 403 to PUT pki/sign/leaf and says no more": "ca-permission-denied",
    "error issuing cert: Vault answered 503 to PUT pki/sign/leaf and says: Vault is sealed": "ca-unavailable",
    "error issuing cert: the connection was lost during PUT pki/sign/leaf": "ca-unavailable",
    "hello world": "ca-backend-failed",
  };
  for (const [text, code] of Object.entries(meanings)) assert.equal(errorCodeOfText(text), code, text);
});

test("details that are not ours, or are damaged, tell no code", () => {
  const whole = encodeErrorInfo(9, "words", "ca-not-primary");
  assert.equal(decodeErrorInfo(whole), "ca-not-primary");
  assert.equal(decodeErrorInfo(new Uint8Array(0)), undefined);
  for (let length = 0; length < whole.length; length++) {
    assert.equal(decodeErrorInfo(whole.subarray(0, length)), undefined);
  }
});
