import type { Clock } from "@drawbar/io";
import type { ListeningPlace } from "../listen/listening-place.ts";
import type { Logger } from "../log/logger.ts";
import type { AddressTranslator } from "../runner/runner.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import type { ConnInfo } from "./conn-info.ts";
import type { MuxPeer } from "./mux-peer.ts";
import type { Rendezvous } from "./rendezvous.ts";

/** What a process has for brokered connections, on either side. */
export interface Brokering {
  readonly security: TransportSecurity | undefined;
  /** Where the sockets of accepted numbers are made; unused with `mux`. */
  readonly place: ListeningPlace;
  /** Where the other side runs elsewhere, as in a container. */
  readonly translator?: AddressTranslator | undefined;
  readonly mux: MuxPeer | undefined;
  /** Told of each note of the other side. */
  readonly onNote?: ((note: ConnInfo) => void) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How the brokers of this process find each other. Loaded with the first brokered connection. */
export async function loadRendezvous(
  brokering: Brokering,
  send: (note: ConnInfo) => void,
): Promise<Rendezvous> {
  const { security, place, translator, mux, clock, logger } = brokering;
  if (mux === undefined) {
    const { SocketRendezvous } = await import("./socket-rendezvous.ts");
    return new SocketRendezvous({
      send,
      listen: (onSocket) => place.listen(onSocket),
      toPeer: (address) => translator?.hostToPlugin?.(address) ?? address,
      fromPeer: (address) => translator?.pluginToHost?.(address) ?? address,
      security,
      clock,
      logger,
    });
  }
  const { MuxRendezvous } = await import("./mux-rendezvous.ts");
  const rendezvous = new MuxRendezvous({ send, session: () => mux.session(), security, clock, logger });
  mux.route((stream) => rendezvous.claim(stream));
  return rendezvous;
}
