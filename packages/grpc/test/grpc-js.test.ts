import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Channel, createClient, Server } from "@drawbar/grpc";
import { fromGrpcJs } from "@drawbar/grpc/grpc-js";
import { memoryPair } from "@drawbar/io";
import { collect } from "./support/rig.ts";

interface Note {
  readonly text: string;
  readonly raw: Buffer;
}

// As ts-proto makes them: JSON stands for protobuf here. `raw` is a view of what was received, as there.
const toBytes = (note: Note): Buffer => Buffer.concat([Buffer.from(note.text), Buffer.of(0), note.raw]);
const fromBytes = (bytes: Buffer): Note => {
  const end = bytes.indexOf(0);
  return { text: bytes.subarray(0, end).toString(), raw: bytes.subarray(end + 1) };
};

const codecs = {
  requestSerialize: toBytes,
  requestDeserialize: fromBytes,
  responseSerialize: toBytes,
  responseDeserialize: fromBytes,
};
const schema = Buffer.from("0a0a6e6f7465732e70726f746f", "hex");
const NotesService = {
  add: { path: "/notes.Notes/Add", requestStream: false, responseStream: false, ...codecs },
  addAll: { path: "/notes.Notes/AddAll", requestStream: true, responseStream: false, ...codecs },
  list: { path: "/notes.Notes/List", requestStream: false, responseStream: true, ...codecs },
  sync: {
    path: "/notes.Notes/Sync",
    requestStream: true,
    responseStream: true,
    ...codecs,
    requestType: { fileDescriptorProtos: [schema] },
  },
} as const;

describe("fromGrpcJs", () => {
  const notes = fromGrpcJs(NotesService);

  test("keeps names, paths and kinds, and the schema where there is one", async () => {
    assert.equal(notes.name, "notes.Notes");
    assert.deepEqual(
      Object.entries(notes.methods).map(([name, { path, kind }]) => [name, path, kind]),
      [
        ["add", "/notes.Notes/Add", "unary"],
        ["addAll", "/notes.Notes/AddAll", "client_streaming"],
        ["list", "/notes.Notes/List", "server_streaming"],
        ["sync", "/notes.Notes/Sync", "bidi_streaming"],
      ],
    );
    assert.deepEqual(await notes.fileDescriptors?.(), [schema]);
    assert.throws(() => fromGrpcJs({}), /methods with paths/);
  });

  test("calls of all four kinds pass, types kept, and what is decoded stays as it was", async () => {
    const kept: Note[] = [];
    const server = new Server().addService(notes, {
      add: (note) => {
        kept.push(note);
        return note;
      },
      addAll: async (all) => ({
        text: (await collect(all)).map(({ text }) => text).join(","),
        raw: Buffer.of(),
      }),
      list: ({ text }) => [...text].map((letter) => ({ text: letter, raw: Buffer.of() })),
      sync: (all) => all,
    });
    const channel = new Channel({
      connect: () => {
        const [near, far] = memoryPair();
        server.serve(far);
        return near;
      },
    });
    const client = createClient(notes, channel);
    for (let i = 0; i < 50; i++) {
      const reply: Note = await client.add({ text: `n${i}`, raw: Buffer.of(i, i) });
      assert.deepEqual(reply, { text: `n${i}`, raw: Buffer.of(i, i) });
    }
    kept.forEach((note, i) => {
      assert.deepEqual(note, { text: `n${i}`, raw: Buffer.of(i, i) });
    });
    const raw = Buffer.of(1);
    assert.equal(
      (
        await client.addAll([
          { text: "a", raw },
          { text: "b", raw },
        ])
      ).text,
      "a,b",
    );
    assert.equal((await collect(client.list({ text: "xyz", raw }))).length, 3);
    assert.deepEqual(await collect(client.sync([{ text: "s", raw }])), [{ text: "s", raw }]);
    await channel.close();
    await server.close();
  });
});
