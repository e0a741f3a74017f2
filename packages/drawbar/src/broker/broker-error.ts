import { DrawbarError } from "@drawbar/io";

/** What went wrong between two brokers; stable, for programs. */
export type BrokerErrorCode =
  /** The other side did not say within the time where the connection is to be made. */
  | "broker-timeout"
  /** The other side refused the connection, or answered what no broker answers. */
  | "broker-refused"
  /** This side is closed. */
  | "broker-closed"
  /** The other side named an address that cannot be connected to. */
  | "broker-address-invalid"
  /** The number is in use on this side already. */
  | "broker-id-in-use";

/** A brokered connection could not be made. `facts.id` is its number. */
export class BrokerError extends DrawbarError<BrokerErrorCode> {}

/** For use of a broker that is closed, or that closes meanwhile. */
export function brokerClosed(id: number): BrokerError {
  return new BrokerError("broker-closed", `broker closed: connection ${id} cannot be made any more`, {
    facts: { id },
  });
}

/** For a number that is accepted twice at once. */
export function idInUse(id: number): BrokerError {
  return new BrokerError(
    "broker-id-in-use",
    `connection ${id} is accepted already; take a new number from nextId()`,
    { facts: { id } },
  );
}
