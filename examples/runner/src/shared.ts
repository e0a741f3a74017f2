import type { Codec } from "@drawbar/grpc";
import { grpcPlugin } from "drawbar";

/** What the host and its plugins know each other by. */
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "RUNNER_PLUGIN",
  magicCookieValue: "apart",
};

const text: Codec<string> = {
  encode: (value) => new TextEncoder().encode(value),
  decode: (bytes) => new TextDecoder().decode(bytes),
};

// A service whose messages are plain text needs no generated code.
const Who = {
  name: "example.Who",
  methods: {
    /** Who the plugin is, as it sees itself. */
    ami: { path: "/example.Who/Ami", kind: "unary", request: text, response: text },
  },
} as const;

/** What the host can dispense. */
export const plugins = { who: grpcPlugin(Who) };
