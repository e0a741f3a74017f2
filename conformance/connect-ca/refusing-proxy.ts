import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { parseCertificateRequest } from "@drawbar/x509";

/** A Vault in front of a Vault, and what it refused. */
export interface RefusingProxy extends AsyncDisposable {
  readonly address: string;
  readonly refusals: number;
}

const refusal = "refusing to accept CSR with Basic Constraints extension setting isCA=true";

/**
 * Passes calls on to a real Vault, but refuses what Vaults built with sdk 0.21 or later refuse, none of
 * which can be built here: `use_csr_values` with a request that asks to be a CA.
 */
export async function refusingProxy(vaultAddress: string): Promise<RefusingProxy> {
  let refusals = 0;
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (isRefused(incoming.url ?? "", body)) {
      refusals++;
      outgoing.writeHead(400).end(JSON.stringify({ errors: [refusal] }));
      return;
    }
    const { method, headers, url } = incoming;
    const passed = request(new URL(url ?? "/", vaultAddress), { method: method ?? "GET", headers });
    passed.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    passed.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refusals() {
      return refusals;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isRefused(url: string, body: Buffer): boolean {
  if (!url.endsWith("/root/sign-intermediate")) return false;
  const { csr, use_csr_values } = JSON.parse(body.toString()) as { csr: string; use_csr_values: boolean };
  return use_csr_values && parseCertificateRequest(csr).isCa;
}
