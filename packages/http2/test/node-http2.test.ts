import assert from "node:assert/strict";
import { once } from "node:events";
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
} from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { ClientConnection } from "@drawbar/http2";
import { connectStream, socketStream } from "@drawbar/io/node";
import { echoServer } from "./support/echo-server.ts";
import { preparedPost } from "./support/pairs.ts";
import { Recorder } from "./support/recorder.ts";

const body = Buffer.from(Uint8Array.from({ length: 500_000 }, (_, i) => i * 31));

async function listen(server: Pick<Server, "listen" | "address"> & NodeJS.EventEmitter): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("our client and node's server exchange half a megabyte, twenty times at once", async () => {
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200, "x-node": "yes" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-status": "0" }));
    stream.pipe(stream);
  });
  const port = await listen(server);
  const client = new ClientConnection(await connectStream({ network: "tcp", host: "127.0.0.1", port }));
  const replies = Array.from({ length: 20 }, () => {
    const reply = new Recorder();
    const stream = client.request(preparedPost, reply, false);
    const chunks: Buffer[] = [];
    reply.onData = (chunk) => {
      chunks.push(Buffer.from(chunk));
      stream.consume(chunk.length);
    };
    stream.sendData(new Uint8Array(body), true);
    return { reply, chunks };
  });
  for (const { reply, chunks } of replies) {
    await reply.done;
    assert.equal(reply.error, undefined);
    assert.ok(Buffer.concat(chunks).equals(body));
    assert.deepEqual(reply.trailers, ["x-status", "0"]);
  }
  assert.ok((await client.ping()) >= 0);
  client.close();
  assert.equal(await client.closed, undefined);
  server.close();
});

test("node's client and our server exchange half a megabyte, twenty times at once", async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    echoServer(socketStream(socket));
  });
  const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
  const calls = Array.from({ length: 20 }, async () => {
    const request = session.request({ ":method": "POST", ":path": "/echo" });
    const trailers = once(request, "trailers");
    request.end(body);
    assert.ok((await buffer(request)).equals(body));
    const [fields] = (await trailers) as [IncomingHttpHeaders];
    assert.equal(fields["x-status"], "0");
  });
  await Promise.all(calls);
  session.close();
  await once(session, "close");
  server.close();
});
