import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server as SocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connectStream, socketStream } from "@drawbar/io/node";
import { close, collect, type Rig, rig } from "./support/rig.ts";

const streams = 8;
const messagesEach = 60;

let folder: string;
let sockets: SocketServer;
let both: Rig;

// Over a real socket: memory is only written anew where the system takes the bytes.
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "drawbar-grpc-"));
  const path = join(folder, "socket");
  both = rig(
    {
      say: (request) => request,
      async *chat(requests) {
        for await (const request of requests) yield request;
      },
    },
    { channel: { connect: () => connectStream({ network: "unix", path }) } },
  );
  sockets = createServer((socket) => both.server.serve(socketStream(socket)));
  sockets.listen(path);
  await once(sockets, "listening");
});

after(async () => {
  await close(both);
  sockets.close();
  await rm(folder, { recursive: true });
});

// Lengths on both sides of what fits into shared memory, each message of one byte of its own.
function message(stream: number, index: number): { value: Uint8Array<ArrayBuffer> } {
  const length = [70_000, 9_000, 300, 57_343, 65_536, 1_200_000][(stream + index) % 6] ?? 0;
  return { value: new Uint8Array(length).fill((stream * 31 + index) % 251) };
}

function check(stream: number, index: number, value: Uint8Array): void {
  const expected = message(stream, index).value;
  assert.equal(value.length, expected.length);
  assert.ok(Buffer.compare(value, expected) === 0, `message ${index} of stream ${stream} was overwritten`);
}

test("large messages of many streams at once arrive as they were sent", async () => {
  await Promise.all(
    Array.from({ length: streams }, async (_, stream) => {
      const sent = Array.from({ length: messagesEach }, (_, index) => message(stream, index));
      const replies = await collect(both.client.chat(sent));
      assert.equal(replies.length, messagesEach);
      replies.forEach(({ value }, index) => {
        check(stream, index, value);
      });
    }),
  );
});

test("a caller may change a message once it was taken from it", async () => {
  const scratch = new Uint8Array(100_000);
  async function* reusing(): AsyncGenerator<{ value: Uint8Array<ArrayBuffer> }> {
    for (let index = 0; index < 50; index++) yield { value: scratch.fill(index) };
  }
  const replies = await collect(both.client.chat(reusing()));
  assert.deepEqual(
    replies.map(({ value }) => [value[0], value[value.length - 1]]),
    Array.from({ length: 50 }, (_, index) => [index, index]),
  );
});

test("large unary calls at once get their own answers", async () => {
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const { value } = await both.client.say(message(1, index));
      check(1, index, value);
    }),
  );
});
