import type { SocketAddress } from "@drawbar/io/node";
import type { ConnInfo } from "../broker/conn-info.ts";
import { removeSocket } from "./remove-socket.ts";

// A drawbar program has all of them in one folder, go-plugin's have few at a time. What is over is forgotten first.
const maxRemembered = 1_024;

/**
 * The sockets that the other side made for brokered connections, as far as this one was told of them: a process that
 * is killed cannot remove them itself.
 */
export class AnnouncedSockets {
  readonly #paths = new Set<string>();
  readonly #startedAtMs: number;
  readonly #toOurs: (address: SocketAddress) => SocketAddress;

  /**
   * @param startedAtMs before any of them
   * @param toOurs where this process sees what the other side announces
   */
  constructor(startedAtMs: number, toOurs: (address: SocketAddress) => SocketAddress = (address) => address) {
    this.#startedAtMs = startedAtMs;
    this.#toOurs = toOurs;
  }

  readonly note = ({ network, address }: ConnInfo): void => {
    if (network !== "unix") return;
    this.#paths.add(address);
    const [oldest] = this.#paths;
    if (this.#paths.size > maxRemembered && oldest !== undefined) this.#paths.delete(oldest);
  };

  /** The other side is gone. Never throws. */
  remove(): void {
    for (const path of this.#paths) removeSocket(this.#toOurs({ network: "unix", path }), this.#startedAtMs);
    this.#paths.clear();
  }
}
