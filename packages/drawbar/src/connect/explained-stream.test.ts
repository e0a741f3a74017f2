import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ByteReceiver, type ByteStream, memoryPair } from "@drawbar/io";
import { explainedStream } from "./explained-stream.ts";

function closeOf(stream: ByteStream): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const receiver: ByteReceiver = { onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose: resolve };
    stream.start(receiver);
  });
}

describe("the connection to a plugin", () => {
  it("tells its loss only with the reason", async () => {
    const [near, far] = memoryPair();
    const why = new Error("the plugin exited");
    const closed = closeOf(explainedStream(near, () => Promise.resolve(why)));
    void closeOf(far);
    far.destroy(new Error("reset"));
    assert.equal(await closed, why);
  });

  it("takes a half-close of the plugin for its loss", async () => {
    const [near, far] = memoryPair();
    const why = new Error("the plugin exited");
    const closed = closeOf(explainedStream(near, () => Promise.resolve(why)));
    void closeOf(far);
    far.end();
    assert.equal(await closed, why);
  });

  it("explains nothing when this side ends it", async () => {
    const [near, far] = memoryPair();
    const stream = explainedStream(near, () => assert.fail("nothing to explain"));
    const closed = closeOf(stream);
    void closeOf(far);
    const reason = new Error("killed");
    stream.destroy(reason);
    assert.equal(await closed, reason);
  });
});
