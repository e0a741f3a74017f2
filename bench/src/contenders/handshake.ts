import type { Handshake } from "drawbar";

/** The handshake of go-plugin's own key/value example, so that Go and TypeScript sides can be mixed. */
export const handshake: Handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};
