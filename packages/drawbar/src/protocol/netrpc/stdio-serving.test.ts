import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { StdioBuffer } from "../stdio-buffer.ts";
import { StdioServing } from "./stdio-serving.ts";

/** Lets everything that is due run. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A host's end of one of the streams: what it got, `<end>` once that ended. */
class HostEnd {
  text = "";
  readonly far: ByteStream;
  readonly #near: ByteStream;

  constructor() {
    [this.#near, this.far] = memoryPair(1024);
    this.#near.start({
      onData: (chunk) => {
        this.text += Buffer.from(chunk).toString();
      },
      onEnd: () => {
        this.text += "<end>";
        this.#near.end();
      },
      onDrain: () => {},
      onClose: () => {},
    });
  }

  pause(): void {
    this.#near.pause();
  }

  resume(): void {
    this.#near.resume();
  }

  leave(): void {
    this.#near.destroy();
  }
}

const atOnce = (): Promise<void> => Promise.resolve();

function setUp() {
  const clock = new ManualClock();
  const buffer = new StdioBuffer(() => {});
  const serving = new StdioServing(buffer, clock);
  const host = (): { out: HostEnd; err: HostEnd } => {
    const ends = { out: new HostEnd(), err: new HostEnd() };
    serving.attach(ends.out.far, ends.err.far);
    return ends;
  };
  const print = (channel: 1 | 2, text: string): boolean => buffer.push(channel, Buffer.from(text));
  return { clock, serving, host, print };
}

describe("a plugin's output over net/rpc", () => {
  it("goes to the stream it belongs to, what was printed before a host came too, and ends with the plugin", async () => {
    const { clock, serving, host, print } = setUp();
    print(1, "early ");
    const { out, err } = host();
    print(2, "oh");
    print(1, "late");
    await serving.finish(atOnce);
    await serving.closed(1);
    assert.deepEqual([out.text, err.text], ["early late<end>", "oh<end>"]);
    assert.equal(clock.pendingCount, 0);
  });

  it("waits for a host that does not read, and goes on when it does", async () => {
    const { serving, host, print } = setUp();
    const { out } = host();
    out.pause();
    for (let line = 0; line < 100; line++) print(1, "x".repeat(1000));
    await settle();
    assert.equal(out.text, "");
    const finished = serving.finish(atOnce);
    out.resume();
    await finished;
    await settle();
    assert.equal(out.text.length, 100_000 + "<end>".length);
  });

  it("goes to the next host once the first has left", async () => {
    const { host, print } = setUp();
    const first = host();
    const second = host();
    print(1, "one");
    await settle();
    first.out.leave();
    first.err.leave();
    await settle();
    print(1, "two");
    await settle();
    assert.deepEqual([first.out.text, second.out.text], ["one", "two"]);
  });

  it("holds the plugin's end up until hosts have received it, for a bounded time", async () => {
    const { clock, serving, host, print } = setUp();
    host();
    print(1, "last words");
    let finished = false;
    const finishing = serving
      .finish(() => new Promise(() => {}))
      .then(() => {
        finished = true;
      });
    await settle();
    clock.advance(1_499);
    await settle();
    assert.equal(finished, false);
    clock.advance(1);
    await finishing;
  });

  it("holds the plugin's end up for a bounded time only, if a host does not take it", async () => {
    const { clock, serving, host, print } = setUp();
    const { out } = host();
    out.pause();
    for (let line = 0; line < 10; line++) print(1, "x".repeat(1000));
    await settle();
    let finished = false;
    const finishing = serving.finish(atOnce).then(() => {
      finished = true;
    });
    await settle();
    assert.equal(finished, false);
    clock.advance(1_500);
    await finishing;
    const closed = serving.closed(250);
    await settle();
    clock.advance(250);
    await closed;
  });
});
