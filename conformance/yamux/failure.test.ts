import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { ByteStream } from "@drawbar/io";
import { goSession, type Role, request } from "./go-session.ts";

const roles: readonly Role[] = ["client", "server"];

for (const role of roles) {
  test(`as ${role}: when the peer dies, every stream ends with what is lost, and so does the session`, async () => {
    await using go = await goSession(role);
    const stalled = Array.from({ length: 20 }, () => go.session.open());
    const closed = stalled.map(closeOf);
    for (const stream of stalled) stream.write(Buffer.from("stall\n"));
    await go.session.ping();
    go.session.open().write(Buffer.from("die\n"));
    for (const error of await Promise.all(closed)) {
      assert.equal((error as { code?: string } | undefined)?.code, "yamux-connection-lost");
    }
    assert.equal(((await go.session.closed) as { code?: string } | undefined)?.code, "yamux-connection-lost");
    assert.throws(() => go.session.open(), { code: "yamux-session-closed" });
  });

  test(`as ${role}: when the peer is killed in the middle of a transfer, what had come is not lost`, async () => {
    await using go = await goSession(role);
    const stream = go.session.open();
    let bytes = 0;
    const closed = new Promise<Error | undefined>((resolve) => {
      stream.start({
        onData(piece) {
          // Back to back with the first piece: what the kernel holds is still to come.
          if (bytes === 0) go.peer.process.kill("SIGKILL");
          bytes += piece.length;
        },
        onEnd: () => assert.fail("it was cut, not ended"),
        onDrain() {},
        onClose: resolve,
      });
    });
    stream.write(Buffer.from(`source ${1024 * 1024 * 1024}\n`));
    assert.equal(((await closed) as { code?: string } | undefined)?.code, "yamux-connection-lost");
    assert.ok(bytes > 0);
  });

  test(`as ${role}: when we destroy the session, Go's session ends`, async () => {
    await using go = await goSession(role);
    await go.session.ping();
    const exited = once(go.peer.process, "exit");
    go.session.destroy();
    assert.deepEqual(await exited, [0, null]);
  });

  test(`as ${role}: a stream that we reset is gone at Go, the others go on`, async () => {
    await using go = await goSession(role);
    for (let round = 0; round < 5; round++) {
      // Fewer than Go's backlog: a stream that is reset keeps its place there until Go has accepted it.
      for (let i = 0; i < 200; i++) {
        const stream = go.session.open();
        stream.write(Buffer.from(`source ${1024 * 1024}\n`));
        stream.destroy(new Error("enough"));
      }
      // Go accepts in order, so it has accepted those before when it answers this one.
      assert.equal((await request(go.session, "echo", Buffer.from("on"))).toString(), "on");
    }
    assert.equal(go.session.streamCount, 0);
  });

  test(`as ${role}: a stream that Go resets ends with an error, the others go on`, async () => {
    await using go = await goSession(role, {}, ["-close-timeout", "50ms"]);
    const stream = go.session.open();
    const closed = closeOf(stream);
    // Go closes its half; ours stays open, so that Go's time limit for half-closed streams resets it.
    stream.write(Buffer.from("close\n"));
    assert.equal(((await closed) as { code?: string } | undefined)?.code, "yamux-stream-reset");
    assert.equal((await request(go.session, "echo", Buffer.from("on"))).toString(), "on");
  });

  test(`as ${role}: streams past Go's backlog are refused one by one`, async () => {
    await using go = await goSession(role, { acceptBacklog: 100 }, ["-backlog", "4", "-accept=false"]);
    const closed = Array.from({ length: 50 }, () => closeOf(go.session.open()));
    const first = await Promise.race(closed.slice(4));
    assert.equal((first as { code?: string } | undefined)?.code, "yamux-stream-reset");
    await Promise.all(closed.slice(4));
    assert.equal(go.session.streamCount, 4);
  });

  test(`as ${role}: Go's streams past our backlog are refused, and Go is told so`, async () => {
    await using go = await goSession(role, { acceptBacklog: 4 });
    assert.match((await request(go.session, "open 50 1")).toString(), /reset/);
  });
}

test("a stream that is destroyed without an error ends in order at Go", async () => {
  await using go = await goSession("client");
  for (let i = 0; i < 500; i++) {
    const stream = go.session.open();
    const closed = closeOf(stream);
    stream.write(Buffer.from("echo\n"));
    stream.destroy();
    assert.equal(await closed, undefined);
  }
  // Go closes its half of each after our end, in its own time, and nothing is left.
  while (go.session.streamCount > 0) await go.session.ping();
});

test("a connection that brings something else than yamux is given up with a reason", async () => {
  await using go = await goSession("client");
  go.peer.socket.emit("data", Buffer.from("HTTP/1.1 400 Bad Request\r\n"));
  assert.equal(((await go.session.closed) as { code?: string } | undefined)?.code, "yamux-bad-version");
});

function closeOf(stream: ByteStream): Promise<Error | undefined> {
  return new Promise((resolve) => {
    stream.start({ onData() {}, onEnd() {}, onDrain() {}, onClose: resolve });
  });
}
