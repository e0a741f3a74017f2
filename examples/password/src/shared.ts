import type { Codec } from "@drawbar/grpc";
import { grpcPlugin } from "drawbar";

/** What the host and its plugins know each other by. */
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "PASSWORD_PLUGIN",
  magicCookieValue: "sesame",
};

const text: Codec<string> = {
  encode: (value) => new TextEncoder().encode(value),
  decode: (bytes) => new TextDecoder().decode(bytes),
};

// A service whose messages are plain text needs no generated code.
const Vault = {
  name: "example.Vault",
  methods: {
    /** Asks the person for the password of a user, and answers with what is to be told. */
    unlock: { path: "/example.Vault/Unlock", kind: "unary", request: text, response: text },
  },
} as const;

/** What the host can dispense. */
export const plugins = { vault: grpcPlugin(Vault) };
