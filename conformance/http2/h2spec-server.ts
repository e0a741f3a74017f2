import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import {
  alpnProtocol,
  type Http2Stream,
  prepareHeaders,
  ServerConnection,
  type StreamReceiver,
} from "@drawbar/http2";
import { socketStream } from "@drawbar/io/node";

const head = prepareHeaders([":status", "200", "content-type", "text/plain"]);

// Answers once the request is complete, as h2spec expects.
class Greeter implements StreamReceiver {
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream, endStream: boolean) {
    this.#stream = stream;
    if (endStream) this.#answer();
  }

  onHeaders(): void {}

  onData(chunk: Uint8Array, endStream: boolean): void {
    this.#stream.consume(chunk.length);
    if (endStream) this.#answer();
  }

  onTrailers(): void {
    this.#answer();
  }

  onDrain(): void {}
  onReset(): void {}

  #answer(): void {
    this.#stream.sendHeaders(head, false);
    this.#stream.sendData(Buffer.from("hello, world"), true);
  }
}

/** A server of ours on a loopback port. */
export class H2specServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;

  static async start(transport: "plain" | "TLS"): Promise<H2specServer> {
    const server =
      transport === "plain"
        ? createServer({ allowHalfOpen: true }, serve)
        : createTlsServer({ ...selfSigned(), ALPNProtocols: [alpnProtocol], allowHalfOpen: true }, serve);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new H2specServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}

// Defaults, but for the number of streams: h2spec opens one more than is allowed.
function serve(socket: Socket): void {
  const handler = {
    onStream: (stream: Http2Stream, _: unknown, ended: boolean) => new Greeter(stream, ended),
  };
  new ServerConnection(socketStream(socket), handler, { limits: { maxConcurrentStreams: 100 } });
}

function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-h2spec-"));
  const key = join(folder, "key.pem");
  const cert = join(folder, "cert.pem");
  try {
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const subject = ["-subj", "/CN=localhost", "-days", "2"];
    execFileSync("openssl", [...request, ...subject, "-keyout", key, "-out", cert], { stdio: "pipe" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
