/** What the fixtures and the hosts of these tests agree on. By itself, so that a plugin does not load what launches one. */
export const handshake = { protocolVersion: 1, magicCookieKey: "DRAWBAR_TEST", magicCookieValue: "cookie" };
