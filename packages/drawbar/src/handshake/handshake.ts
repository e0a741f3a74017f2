import { PluginConfigError } from "../errors.ts";

/** What a host and its plugins agree on so that they know each other; not a secret and no security. */
export interface Handshake {
  /**
   * The version of `plugins`, chosen by the application; not needed where every set stands in
   * `versionedPlugins`. An integer, default 0.
   */
  readonly protocolVersion?: number;
  /** The environment variable that tells a program that it was started as a plugin. */
  readonly magicCookieKey: string;
  /** The value that the variable must have. */
  readonly magicCookieValue: string;
}

/** The version of the line on stdout itself; every go-plugin so far has 1. */
export const coreProtocolVersion: number = 1;

/** How host and plugin talk once they have found each other. */
export type Protocol = "grpc" | "netrpc";

/** Refuses a handshake that no plugin could ever match. */
export function checkHandshake(handshake: Handshake): void {
  const { magicCookieKey: key, magicCookieValue: value } = handshake;
  if (key === "" || value === "") {
    throw new PluginConfigError(
      "handshake.magicCookieKey and magicCookieValue must both be set: a plugin refuses to start without",
    );
  }
  if (key.includes("=") || key.includes("\0") || value.includes("\0")) {
    throw new PluginConfigError(
      "handshake.magicCookieKey must be usable as the name of an environment variable",
    );
  }
}
