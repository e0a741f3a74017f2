import { formatSpiffeId, type SigningId, type SpiffeId, trustDomainOf } from "./spiffe-id.ts";

/** Whether a cluster's CA may certify an identity. Agents are no part of the mesh and are refused. */
export function canSign(ca: SigningId, id: SpiffeId): boolean {
  switch (id.kind) {
    case "signing":
      return formatSpiffeId(id) === formatSpiffeId(ca);
    case "service":
    case "mesh-gateway":
    case "server":
      return id.host.toLowerCase() === trustDomainOf(ca);
    case "agent":
      return false;
  }
}
