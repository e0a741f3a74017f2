import type { ConnInfo } from "../broker/conn-info.ts";
import { removeSocket } from "../terminate/remove-socket.ts";

// A drawbar host has all of them in one folder; a Go host has few at a time.
const maxRemembered = 64;

/**
 * The sockets that a host made for brokered connections, as far as this plugin was told of them: a host that is
 * killed cannot remove them itself.
 */
export class HostSockets {
  readonly #paths: string[] = [];
  // The plugin was there before any of them.
  readonly #startedAtMs = Date.now() - process.uptime() * 1000;

  readonly note = ({ network, address }: ConnInfo): void => {
    if (network !== "unix") return;
    this.#paths.push(address);
    if (this.#paths.length > maxRemembered) this.#paths.shift();
  };

  remove(): void {
    for (const path of this.#paths) removeSocket({ network: "unix", path }, this.#startedAtMs);
  }
}
