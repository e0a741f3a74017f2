import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  formatReattachConfig,
  formatReattachProviders,
  type ReattachConfig,
  readReattachConfig,
} from "./reattach-config.ts";

const config: ReattachConfig = {
  Protocol: "grpc",
  ProtocolVersion: 5,
  Pid: 4711,
  Test: true,
  Addr: { Network: "unix", String: "/tmp/plugin1" },
};

describe("a reattach config", () => {
  it("is what it was after a way through JSON", () => {
    const target = readReattachConfig(JSON.stringify(config));
    assert.deepEqual(target, {
      protocol: "grpc",
      version: 5,
      pid: 4711,
      test: true,
      address: { network: "unix", path: "/tmp/plugin1" },
    });
    assert.deepEqual(formatReattachConfig(target), config);
  });

  it("stands in TF_REATTACH_PROVIDERS under the provider's name", () => {
    assert.equal(
      formatReattachProviders({ "registry.terraform.io/acme/cloud": config }),
      '{"registry.terraform.io/acme/cloud":{"Protocol":"grpc","ProtocolVersion":5,"Pid":4711,"Test":true,' +
        '"Addr":{"Network":"unix","String":"/tmp/plugin1"}}}',
    );
  });

  it("may have the address as Go's JSON of a net.Addr has it, and no protocol, which means net/rpc", () => {
    const unix = readReattachConfig('{"Pid":1,"Addr":{"Name":"/s","Net":"unix"}}');
    assert.deepEqual(unix, {
      protocol: "netrpc",
      version: 0,
      pid: 1,
      test: false,
      address: { network: "unix", path: "/s" },
    });
    const tcp = readReattachConfig('{"Protocol":"grpc","Pid":1,"Addr":{"IP":"::1","Port":80,"Zone":""}}');
    assert.deepEqual(tcp.address, { network: "tcp", host: "::1", port: 80 });
  });

  const broken: Record<string, [string, RegExp]> = {
    "no JSON": ["{", /it is no JSON/],
    "no object": ["3", /it is no object/],
    "a pid of 0, which would be the host's own process group": [
      '{"Pid":0,"Addr":{"Network":"unix","String":"/s"}}',
      /Pid 0 is no process id/,
    ],
    "a negative pid": ['{"Pid":-5,"Addr":{"Network":"unix","String":"/s"}}', /Pid -5 is no process id/],
    "no address": ['{"Pid":1}', /Addr is missing/],
    "an unknown network": ['{"Pid":1,"Addr":{"Network":"udp","String":"1"}}', /is no address/],
    "an unknown protocol": [
      '{"Pid":1,"Protocol":"soap"}',
      /unknown server protocol: soap; "grpc" and "netrpc" are known/,
    ],
    "a version that is no number": ['{"Pid":1,"ProtocolVersion":"5"}', /is no version/],
  };
  for (const [what, [text, message]] of Object.entries(broken)) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readReattachConfig(text), { code: "plugin-config-invalid", message });
    });
  }
});
