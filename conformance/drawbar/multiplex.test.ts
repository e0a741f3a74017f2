import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PluginClient, PluginStartError } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { testBrokers } from "./broker-cases.ts";
import { peerLimits } from "./peer-limits.ts";
import { handshake, plugins } from "./probe.ts";

for (const release of ["1.6.3", "1.8.0"]) {
  testBrokers(release, {
    name: "over one connection",
    settings: { grpcBrokerMultiplex: true },
    flags: ["-mux"],
  });
  testBrokers(release, {
    name: "over one connection with AutoMTLS",
    settings: { grpcBrokerMultiplex: true, autoMtls: true },
    flags: ["-mux", "-automtls"],
  });
}

for (const release of peerLimits.multiplexing) {
  describe(`a plugin on go-plugin ${release}, which knows no multiplexing`, () => {
    it("is refused by a host that asked for it, with the advice to update", async () => {
      const program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
      const launched = PluginClient.launch({
        handshake,
        plugins,
        cmd: [program, "plugin"],
        grpcBrokerMultiplex: true,
      });
      await assert.rejects(launched, (error: unknown) => {
        assert.ok(error instanceof PluginStartError);
        assert.equal(error.code, "multiplex-not-supported");
        assert.match(
          error.message,
          /client requested gRPC broker multiplexing but plugin does not support the feature; for Go plugins, you will need to update/,
        );
        return true;
      });
    });
  });
}
