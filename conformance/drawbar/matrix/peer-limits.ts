import type { Capability, Direction, Release, Transport } from "./capabilities.ts";

/** A capability that some releases of go-plugin lack, or that a transport does not have at all. */
export interface PeerLimit {
  readonly capability: Capability;
  /** Default: both. */
  readonly transport?: Transport;
  /** Default: both. */
  readonly direction?: Direction;
  /** Default: all. */
  readonly releases?: readonly Release[];
  readonly reason: string;
  /**
   * How the capability's case fails with such a peer. It is run all the same, so that this list cannot grow old. Left
   * out only where there is no way to ask.
   */
  readonly fails?: RegExp;
}

const beforeMux: readonly Release[] = ["1.0.1", "1.4.8"];
const muxReason = "Broker multiplexing came with go-plugin 1.6.0.";
const testModeReason = "Test mode came with go-plugin 1.3.0; an older host kills what it attached to.";

/** Everything that the tables of docs/conformance.md say a peer cannot do. */
export const peerLimits: readonly PeerLimit[] = [
  {
    capability: "tcp",
    direction: "our-host",
    reason: "Plugins on go-plugin listen on TCP on Windows only; with other makes our host is shown on TCP.",
    fails: /'unix' !== 'tcp'/,
  },
  {
    capability: "stdio",
    transport: "grpc",
    direction: "our-host",
    releases: ["1.0.1"],
    reason:
      "Stdio over gRPC came with go-plugin 1.1.0; a plugin before that hangs once it has printed 64 KiB.",
    fails: /DEADLINE_EXCEEDED/,
  },
  {
    capability: "stdio",
    transport: "grpc",
    direction: "go-host",
    releases: ["1.0.1"],
    reason: "Stdio over gRPC came with go-plugin 1.1.0; a host before that does not ask for it.",
    fails: /it did not come about/,
  },
  {
    capability: "mux",
    transport: "grpc",
    direction: "our-host",
    releases: beforeMux,
    reason: muxReason,
    fails:
      /client requested gRPC broker multiplexing but plugin does not support the feature; for Go plugins, you will need to update/,
  },
  {
    capability: "mux",
    transport: "grpc",
    direction: "go-host",
    releases: beforeMux,
    reason: muxReason,
    fails: /has no broker multiplexing/,
  },
  {
    capability: "auto-mtls-mux",
    transport: "grpc",
    direction: "our-host",
    releases: beforeMux,
    reason: muxReason,
    fails: /client requested gRPC broker multiplexing but plugin does not support the feature/,
  },
  {
    capability: "auto-mtls-mux",
    transport: "grpc",
    direction: "go-host",
    releases: beforeMux,
    reason: muxReason,
    fails: /has no broker multiplexing/,
  },
  {
    capability: "mux",
    transport: "netrpc",
    reason: "net/rpc has but one connection, and brokered connections are always streams of it.",
  },
  {
    capability: "auto-mtls-mux",
    transport: "netrpc",
    reason: "net/rpc has but one connection, and brokered connections are always streams of it.",
  },
  {
    capability: "auto-mtls-argument",
    transport: "grpc",
    direction: "our-host",
    releases: ["1.0.1"],
    reason:
      "Up to go-plugin 1.4.3 a plugin trusts nobody where it dials a brokered connection with AutoMTLS, whoever its host is.",
    fails: /authentication handshake failed/,
  },
  {
    capability: "test-mode",
    direction: "our-host",
    releases: ["1.0.1"],
    reason: testModeReason,
    fails: /printed no reattach config/,
  },
  {
    capability: "test-mode",
    direction: "go-host",
    releases: ["1.0.1"],
    reason: testModeReason,
    fails: /Reattachment process not found/,
  },
  {
    capability: "metadata",
    transport: "netrpc",
    reason: "A call of net/rpc carries no metadata.",
  },
  {
    capability: "deadline",
    transport: "netrpc",
    reason: "net/rpc tells the other side neither of a deadline nor of a cancellation.",
  },
];
