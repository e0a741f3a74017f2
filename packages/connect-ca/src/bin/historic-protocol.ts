import type { Protocol } from "drawbar";
import { UsageError } from "../cli/usage-error.ts";

export const historicProtocolUsage = `  --historic-protocol P     what hosts of Consul 1.6 are answered in, netrpc (the default) or grpc
                            (CONNECT_CA_HISTORIC_PROTOCOL)
`;

/** The protocol for hosts of version 1 that a command line or an environment asks for. */
export function readHistoricProtocol(option: string | undefined): Protocol {
  const name = option ?? process.env["CONNECT_CA_HISTORIC_PROTOCOL"] ?? "netrpc";
  if (name !== "netrpc" && name !== "grpc")
    throw new UsageError(`unknown protocol ${name}, expected netrpc or grpc`);
  return name;
}
