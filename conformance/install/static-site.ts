import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import * as x509 from "@drawbar/x509";

/** Serves a folder over TLS on the loopback interface, as any web server would, and remembers what was asked for. */
export class StaticSite implements AsyncDisposable {
  /** `localhost:PORT`. */
  readonly host: string;
  /** The authority that a client has to trust, in PEM. */
  readonly ca: string;
  readonly paths: string[];
  readonly #server: Server;

  private constructor(server: Server, ca: string, paths: string[]) {
    this.host = `localhost:${(server.address() as AddressInfo).port}`;
    this.ca = ca;
    this.paths = paths;
    this.#server = server;
  }

  static async serve(folder: string): Promise<StaticSite> {
    const paths: string[] = [];
    const { ca, ...identity } = makeIdentity();
    const server = createServer(identity, (request, response) => {
      const { pathname } = new URL(request.url ?? "", "https://localhost");
      paths.push(pathname);
      readFile(join(folder, normalize(pathname))).then(
        (bytes) => response.writeHead(200, { "content-length": bytes.length }).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "localhost", resolve);
    });
    return new StaticSite(server, ca, paths);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

function makeIdentity(): { readonly key: string; readonly cert: string; readonly ca: string } {
  const now = Date.now();
  const validity = { notBefore: new Date(now - 60_000), notAfter: new Date(now + 3_600_000) };
  const authority = x509.generateKeySync({ type: "ec", curve: "P-256" });
  const ca = x509.createCertificateSync({
    subject: { commonName: "authority of a site" },
    publicKey: authority.publicKey,
    issuer: { key: authority.privateKey },
    basicConstraints: { ca: true },
    ...validity,
  });
  const own = x509.generateKeySync({ type: "ec", curve: "P-256" });
  const certificate = x509.createCertificateSync({
    subject: { commonName: "a site" },
    publicKey: own.publicKey,
    issuer: { certificate: ca, key: authority.privateKey },
    subjectAltNames: { dnsNames: ["localhost"] },
    extKeyUsage: ["serverAuth"],
    ...validity,
  });
  return { key: x509.privateKeyToPem(own.privateKey), cert: certificate.toPem(), ca: ca.toPem() };
}
