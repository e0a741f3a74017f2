import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EnvironmentOptions, pluginEnvironment, portRange } from "./plugin-environment.ts";

const basic: EnvironmentOptions = {
  handshake: { magicCookieKey: "COOKIE", magicCookieValue: "yes" },
  versions: [10, 2],
};

describe("the environment of a plugin", () => {
  it("has the cookie, the versions in order and the port range", () => {
    assert.deepEqual(pluginEnvironment(basic, { PATH: "/bin" }), {
      PATH: "/bin",
      COOKIE: "yes",
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
      PLUGIN_PROTOCOL_VERSIONS: "2,10",
    });
  });

  it("takes the caller's value before the host's, and the host's if asked to", () => {
    const env = { LEVEL: "caller", PATH: undefined };
    const host = { LEVEL: "host", PATH: "/bin" };
    assert.equal(pluginEnvironment({ ...basic, env }, host)["LEVEL"], "caller");
    assert.ok(!("PATH" in pluginEnvironment({ ...basic, env }, host)));
    assert.equal(pluginEnvironment({ ...basic, env, hostEnvWins: true }, host)["LEVEL"], "host");
  });

  it("has nothing of the host's if asked to", () => {
    const env = pluginEnvironment({ ...basic, env: { A: "1" }, skipHostEnv: true }, { PATH: "/bin" });
    assert.deepEqual(Object.keys(env).sort(), [
      "A",
      "COOKIE",
      "PLUGIN_MAX_PORT",
      "PLUGIN_MIN_PORT",
      "PLUGIN_PROTOCOL_VERSIONS",
    ]);
  });

  it("does not pass on what the host was told as a plugin itself", () => {
    const env = pluginEnvironment(basic, {
      PLUGIN_CLIENT_CERT: "pem",
      PLUGIN_MULTIPLEX_GRPC: "true",
      PLUGIN_MIN_PORT: "1",
    });
    assert.ok(!("PLUGIN_CLIENT_CERT" in env) && !("PLUGIN_MULTIPLEX_GRPC" in env));
    assert.equal(env["PLUGIN_MIN_PORT"], "10000");
  });

  it("never lets the caller change the cookie", () => {
    assert.equal(pluginEnvironment({ ...basic, env: { COOKIE: "no" } }, {})["COOKIE"], "yes");
  });

  it("has the optional variables only when they are wanted", () => {
    const env = pluginEnvironment(
      { ...basic, multiplex: true, clientCert: "pem", unixSocketDir: "/d", unixSocketGroup: "7" },
      {},
    );
    assert.equal(env["PLUGIN_MULTIPLEX_GRPC"], "true");
    assert.equal(env["PLUGIN_CLIENT_CERT"], "pem");
    assert.equal(env["PLUGIN_UNIX_SOCKET_DIR"], "/d");
    assert.equal(env["PLUGIN_UNIX_SOCKET_GROUP"], "7");
  });
});

describe("a port range", () => {
  it("moves its other end when only one is given", () => {
    assert.deepEqual(portRange(5000, undefined), { min: 5000, max: 25_000 });
    assert.deepEqual(portRange(30_000, undefined), { min: 30_000, max: 30_000 });
    assert.deepEqual(portRange(undefined, 8000), { min: 8000, max: 8000 });
  });

  it("is refused when it is none", () => {
    for (const [min, max] of [
      [2, 1],
      [-1, 5],
      [1, 70_000],
      [1.5, 3],
    ]) {
      assert.throws(() => portRange(min, max), { code: "plugin-config-invalid" });
    }
  });
});
