/** What releases of go-plugin cannot do, with their own hosts and plugins neither. */
export const peerLimits = {
  /** A plugin trusts nobody where it dials a brokered connection with AutoMTLS. */
  callBackWithAutoMtls: ["1.4.3"],
  multiplexing: ["1.4.3"],
} as const;
