import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cookieComplaint } from "./check-cookie.ts";
import { chooseVersion, foldVersions, parseOfferedVersions } from "./choose-version.ts";

describe("the version that a plugin serves", () => {
  it("is the highest that both have, in whatever order the host offers", () => {
    assert.equal(chooseVersion([1, 2, 3, 5], [1, 3, 2, 9]), 3);
  });

  it("is its lowest when there is no common one, so that the host can object", () => {
    assert.equal(chooseVersion([4, 5], [1]), 4);
    assert.equal(chooseVersion([4, 5], []), 4);
    assert.equal(chooseVersion([], [1]), undefined);
  });

  it("comes from a list in which what is no number is told and skipped", () => {
    const invalid: string[] = [];
    assert.deepEqual(
      parseOfferedVersions("3,x,1,", (text) => invalid.push(text)),
      [3, 1],
    );
    assert.deepEqual(invalid, ["x", ""]);
    assert.deepEqual(
      parseOfferedVersions("", () => assert.fail()),
      [],
    );
  });

  it("has the unversioned set among the others, without replacing one", () => {
    assert.deepEqual(
      [...foldVersions(2, "plain", { 3: "three", 1: "one" })],
      [
        [1, "one"],
        [2, "plain"],
        [3, "three"],
      ],
    );
    assert.deepEqual([...foldVersions(1, "plain", { 1: "one" })], [[1, "one"]]);
    assert.deepEqual([...foldVersions(0, undefined, undefined)], []);
  });
});

describe("the magic cookie", () => {
  const handshake = { magicCookieKey: "K", magicCookieValue: "v" };

  it("is silent when it matches", () => {
    assert.equal(cookieComplaint(handshake, { K: "v" }), undefined);
  });

  it("tells a person what the program is when it does not", () => {
    assert.match(
      cookieComplaint(handshake, {}) ?? "",
      /^This binary is a plugin\. These are not meant to be executed directly\.\n/,
    );
    assert.match(cookieComplaint(handshake, { K: "w" }) ?? "", /^This binary is a plugin\./);
  });

  it("must be configured", () => {
    assert.match(
      cookieComplaint({ magicCookieKey: "", magicCookieValue: "v" }, { "": "v" }) ?? "",
      /^Misconfigured ServeConfig/,
    );
  });
});
