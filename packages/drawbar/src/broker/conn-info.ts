/** A note between two brokers (`plugin.ConnInfo`): where a connection can be made, or a knock for one. */
export interface ConnInfo {
  /** The number that both sides know the connection by. */
  readonly serviceId: number;
  /** `unix` or `tcp`; empty in a knock. */
  readonly network: string;
  readonly address: string;
  readonly knock?: Knock | undefined;
}

/** With multiplexing: "give my next stream to this number", and the answer to that. */
export interface Knock {
  readonly knock: boolean;
  readonly ack: boolean;
  /** Why the door stays shut; empty if it opens. */
  readonly error: string;
}
