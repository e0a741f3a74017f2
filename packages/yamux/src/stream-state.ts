/**
 * Where a stream stands.
 *
 * - `init`: opened here, SYN not sent yet (as many streams as the backlog takes await their ACK)
 * - `opening`, `openingEnded`: SYN sent, nothing heard yet; in the latter our FIN went after it
 * - `offered`, `offeredEnded`: SYN received, not accepted yet; in the latter the peer's FIN came after it
 * - `open`; `localEnded`: our FIN sent; `remoteEnded`: the peer's FIN received
 * - `closed`: both FINs, or a reset from either side
 */
export type StreamState =
  | "init"
  | "opening"
  | "openingEnded"
  | "offered"
  | "offeredEnded"
  | "open"
  | "localEnded"
  | "remoteEnded"
  | "closed";

/**
 * What can happen to a stream. `receive` is any frame from the peer: it shows that our SYN arrived, so it
 * counts as the ACK. Upstream never sends the ACK of a stream whose FIN came before it was accepted.
 */
export type StreamEvent = "sendSyn" | "accept" | "sendFin" | "receive" | "receiveFin" | "reset";

const table: Readonly<Record<StreamState, Readonly<Partial<Record<StreamEvent, StreamState>>>>> = {
  init: { sendSyn: "opening", reset: "closed" },
  opening: { receive: "open", receiveFin: "remoteEnded", sendFin: "openingEnded", reset: "closed" },
  openingEnded: { receive: "localEnded", receiveFin: "closed", reset: "closed" },
  offered: { receive: "offered", receiveFin: "offeredEnded", accept: "open", reset: "closed" },
  offeredEnded: { receive: "offeredEnded", accept: "remoteEnded", reset: "closed" },
  open: { receive: "open", receiveFin: "remoteEnded", sendFin: "localEnded", reset: "closed" },
  localEnded: { receive: "localEnded", receiveFin: "closed", reset: "closed" },
  remoteEnded: { receive: "remoteEnded", sendFin: "closed", reset: "closed" },
  closed: {},
};

/** The state after `event`, or undefined if the event may not happen in `state`. */
export function nextState(state: StreamState, event: StreamEvent): StreamState | undefined {
  return table[state][event];
}

/** True while our SYN is on its way and unanswered. */
export function isUnanswered(state: StreamState): boolean {
  return state === "opening" || state === "openingEnded";
}

/** True while the peer's stream waits to be accepted. */
export function isOffered(state: StreamState): boolean {
  return state === "offered" || state === "offeredEnded";
}

/** True while the peer's FIN has not come. */
export function isReceiving(state: StreamState): boolean {
  return state !== "closed" && state !== "remoteEnded" && state !== "offeredEnded";
}

/** True while bytes may be sent: the SYN is out and our FIN is not. */
export function isSending(state: StreamState): boolean {
  return state === "open" || state === "opening" || state === "remoteEnded";
}
