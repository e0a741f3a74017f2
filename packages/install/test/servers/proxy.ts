import { request as forward } from "node:http";
import { connect } from "node:net";
import { TestServer } from "./test-server.ts";

/** An HTTP proxy, and where it was asked to go. */
export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** `CONNECT host:port` and `GET http://…`, in order. */
  readonly seen: readonly string[];
}

/** Starts one. With `login`, it wants this `Proxy-Authorization`. */
export async function startProxy(login?: string): Promise<TestProxy> {
  const seen: string[] = [];
  const isAllowed = (header: string | undefined): boolean => login === undefined || header === login;
  const server = await TestServer.start((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (!isAllowed(request.headers["proxy-authorization"])) {
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end();
      return;
    }
    const { "proxy-authorization": _, ...headers } = request.headers;
    const onward = forward(request.url ?? "", { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end();
  });
  server.server.on("connect", (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    if (!isAllowed(request.headers["proxy-authorization"])) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n");
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket])
      end.on("error", () => {}).on("close", () => [onward, socket].map((one) => one.destroy()));
  });
  return { port: server.port, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
