import {
  createServer as createPlain,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TestCertificates } from "./certificates.ts";

/** What a server does with one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A request that came, as far as tests look at it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A server on the loopback interface; it ends, with all its connections, with the block that made it. */
export class TestServer implements AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  readonly server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, scheme: string, requests: SeenRequest[], sockets: Set<Socket>) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    // The name, not the address: certificates are for it.
    this.origin = `${scheme}://localhost:${this.port}`;
    this.requests = requests;
    this.#sockets = sockets;
  }

  /** Starts one; with `certificates` it speaks TLS. */
  static async start(handler: Handler, certificates?: TestCertificates): Promise<TestServer> {
    const requests: SeenRequest[] = [];
    const listener: Handler = (request, response) => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers });
      response.on("error", () => {});
      handler(request, response);
    };
    const server = certificates === undefined ? createPlain(listener) : createSecure(certificates, listener);
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    });
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => {
      server.listen(0, "localhost", resolve);
    });
    return new TestServer(server, certificates === undefined ? "http" : "https", requests, sockets);
  }

  /** The paths that were asked for, in order. */
  get paths(): readonly string[] {
    return this.requests.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
