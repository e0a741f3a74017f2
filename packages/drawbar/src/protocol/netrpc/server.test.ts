import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { Client } from "@drawbar/netrpc";
import { Session } from "@drawbar/yamux";
import { nullLogger } from "../../log/logger.ts";
import { StdioBuffer } from "../stdio-buffer.ts";
import { NetRpcServing } from "./server.ts";
import { controlService } from "./services.ts";

/** Collects a stream as Go's hosts do, which do not close it when it ends. */
class Collector {
  text = "";

  constructor(stream: ByteStream) {
    stream.start({
      onData: (chunk) => {
        this.text += Buffer.from(chunk).toString();
      },
      onEnd: () => {},
      onDrain: () => {},
      onClose: () => {},
    });
  }
}

describe("a plugin over net/rpc that is asked to end", () => {
  it("answers when its host has all output, that of the end included, and ends when the host has the answer", async () => {
    const clock = new ManualClock();
    const stdio = new StdioBuffer(() => {});
    const print = (text: string) => void stdio.push(1, Buffer.from(text));
    let stopped: Promise<void> | undefined;
    const onShutdown = (): void => {
      stopped ??= serving.stop(0, async () => print("last words"));
    };
    const stated = () => ({ name: undefined, version: undefined });
    const common = { plugins: {}, settings: {}, clock, logger: nullLogger };
    const serving = new NetRpcServing({ ...common, stdio, stated, onShutdown });
    const [near, far] = memoryPair();
    serving.accept(far);
    const session = new Session(near, { clock, role: "client", onStream: () => {} });
    const control = new Client(session.open(), { clock });
    const stdout = new Collector(session.open());
    new Collector(session.open());
    print("output, ");
    await control.service(controlService).Quit(true);
    assert.equal(stdout.text, "output, last words");
    // As Go's hosts do with the answer.
    session.destroy();
    await stopped;
    assert.equal(clock.pendingCount, 0);
  });
});
