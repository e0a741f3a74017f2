import type { Clock } from "@drawbar/io";
import type { ListeningPlace } from "../listen/listening-place.ts";
import type { Logger } from "../log/logger.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import type { ConnInfo } from "./conn-info.ts";
import type { MuxPeer } from "./mux-peer.ts";
import type { Rendezvous } from "./rendezvous.ts";

/** What a process has for brokered connections, on either side. */
export interface Brokering {
  readonly security: TransportSecurity | undefined;
  /** Where the sockets of accepted numbers are made; unused with `mux`. */
  readonly place: ListeningPlace;
  readonly mux: MuxPeer | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How the brokers of this process find each other. Loaded with the first brokered connection. */
export async function loadRendezvous(
  brokering: Brokering,
  send: (note: ConnInfo) => void,
): Promise<Rendezvous> {
  const { security, place, mux, clock, logger } = brokering;
  if (mux === undefined) {
    const { SocketRendezvous } = await import("./socket-rendezvous.ts");
    return new SocketRendezvous({
      send,
      listen: (onSocket) => place.listen(onSocket),
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
