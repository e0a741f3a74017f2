import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { parseCertificate } from "@drawbar/x509";
import type { Identity } from "./authority.ts";

/** One side of a request: who it is, which roots it trusts, and whom it talks to. */
export interface Party {
  readonly identity: Identity;
  readonly rootPems: readonly string[];
  /** The only SPIFFE id that is let in. */
  readonly expects: string;
}

/** What came of a request over mutual TLS: whom each side saw, or why the server let the client not in. */
export type Outcome =
  | { readonly serverSaw: string; readonly clientSaw: string; readonly answer: string }
  | { readonly refused: string };

/**
 * One request over mutual TLS between two services. Node verifies that each chain leads to a trusted root;
 * that the certificate is the right service's is for us to say: mesh certificates have a SPIFFE id and no
 * host name.
 */
export async function exchange(client: Party, server: Party): Promise<Outcome> {
  // With rejectUnauthorized node closes the connection itself and does not tell why. Asked to leave that to
  // us, it still verifies, and `authorized` says what came of it.
  const listener = createServer({ ...tlsOptions(server), requestCert: true, rejectUnauthorized: false });
  const served = new Promise<string>((resolve, reject) => {
    listener.on("tlsClientError", reject);
    listener.on("secureConnection", (socket) => {
      socket.on("error", reject);
      const problem = socket.authorized
        ? unless(server.expects, socket.getPeerCertificate().raw)
        : new Error(`its certificate does not verify: ${socket.authorizationError}`);
      if (problem !== undefined) {
        socket.destroy();
        reject(problem);
        return;
      }
      socket.end("hello, web");
      resolve(server.expects);
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  try {
    const { port } = listener.address() as AddressInfo;
    const [asked, seen] = await Promise.allSettled([request(port, client), served]);
    if (seen.status === "rejected") return { refused: (seen.reason as Error).message };
    if (asked.status === "rejected") throw asked.reason;
    return { serverSaw: seen.value, ...asked.value };
  } finally {
    listener.close();
  }
}

async function request(port: number, client: Party): Promise<{ clientSaw: string; answer: string }> {
  const socket = connect({
    ...tlsOptions(client),
    host: "127.0.0.1",
    port,
    // Called once the chain is verified, in place of a comparison of host names.
    checkServerIdentity: (_host, { raw }) => unless(client.expects, raw),
  });
  try {
    return { answer: await textOf(socket), clientSaw: client.expects };
  } finally {
    socket.destroy();
  }
}

function tlsOptions({ identity, rootPems }: Party) {
  return { key: identity.keyPem, cert: identity.chainPem, ca: [...rootPems] };
}

async function textOf(socket: TLSSocket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

/** Why a certificate is not that of `expected`; undefined if it is. */
function unless(expected: string, der: Uint8Array): Error | undefined {
  const id = parseCertificate(der).subjectAltNames.uris.join();
  return id === expected ? undefined : new Error(`it is ${id}`);
}
