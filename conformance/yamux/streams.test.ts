import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { toDuplex } from "@drawbar/io/node";
import { echo, goSession, pattern, type Role, readAll, request } from "./go-session.ts";

const roles: readonly Role[] = ["client", "server"];

for (const role of roles) {
  test(`as ${role}: Go echoes a stream that we open, and sees our half close`, async () => {
    await using go = await goSession(role);
    const body = randomBytes(300_000);
    assert.deepEqual(await request(go.session, "echo", body), body);
  });

  test(`as ${role}: 3000 streams opened here at once are echoed by Go`, async () => {
    await using go = await goSession(role);
    const body = randomBytes(2_000);
    const answers = await Promise.all(Array.from({ length: 3_000 }, () => request(go.session, "echo", body)));
    assert.equal(answers.length, 3_000);
    for (const answer of answers) assert.ok(answer.equals(body));
    assert.equal(go.session.streamCount, 0);
  });

  test(`as ${role}: 3000 streams opened by Go at once are echoed`, async () => {
    await using go = await goSession(role, { onStream: echo });
    assert.equal((await request(go.session, "open 3000 5000")).toString(), "ok");
  });

  test(`as ${role}: streams that wait for accept() keep what Go has sent on them`, async () => {
    await using go = await goSession(role);
    const answer = request(go.session, "open 100 100000");
    const accepted = [];
    for (let i = 0; i < 100; i++) accepted.push(await go.session.accept());
    for (const stream of accepted) echo(stream);
    assert.equal((await answer).toString(), "ok");
  });

  test(`as ${role}: Go may close its half first and goes on reading`, async () => {
    await using go = await goSession(role);
    const stream = go.session.open();
    const end = readAll(stream);
    stream.write(Buffer.from("close\n"));
    assert.equal((await end).length, 0);
    for (let i = 0; i < 100; i++) stream.write(randomBytes(1_000));
    stream.end();
    assert.ok((await go.session.ping()) >= 0);
    assert.equal(go.session.streamCount, 0);
  });

  test(`as ${role}: pings are answered both ways`, async () => {
    await using go = await goSession(role);
    assert.ok((await go.session.ping()) >= 0);
    assert.equal((await request(go.session, "ping")).toString(), "ok");
  });

  test(`as ${role}: after Go's go-away no stream can be opened, those that are there go on`, async () => {
    await using go = await goSession(role);
    const stream = go.session.open();
    const answer = readAll(stream);
    stream.write(Buffer.from("echo\n"));
    assert.equal((await request(go.session, "goaway")).toString(), "ok");
    assert.throws(() => go.session.open(), { code: "yamux-remote-go-away" });
    stream.write(Buffer.from("still here"));
    stream.end();
    assert.equal((await answer).toString(), "still here");
  });

  test(`as ${role}: after our go-away Go can open no stream`, async () => {
    await using go = await goSession(role, { onStream: echo });
    const asked = go.session.open();
    const answer = readAll(asked);
    go.session.goAway();
    asked.write(Buffer.from("open 1 1\n"));
    asked.end();
    assert.match((await answer).toString(), /not accepting/);
  });

  test(`as ${role}: close() ends the session in order on both sides`, async () => {
    await using go = await goSession(role);
    const body = randomBytes(100_000);
    const answer = request(go.session, "echo", body);
    await go.session.close();
    assert.deepEqual(await answer, body);
    assert.equal(await go.session.closed, undefined);
  });

  test(`as ${role}: a larger window than the default is given and used both ways`, async () => {
    const windowBytes = 1024 * 1024;
    await using go = await goSession(role, { maxStreamWindowBytes: windowBytes, onStream: echo }, [
      "-window",
      String(windowBytes),
    ]);
    const body = pattern(3_000_000);
    assert.deepEqual(await request(go.session, "echo", body), body);
    assert.equal((await request(go.session, "open 3 3000000")).toString(), "ok");
  });

  test(`as ${role}: a stream as a node Duplex`, async () => {
    await using go = await goSession(role);
    const duplex = toDuplex(go.session.open());
    duplex.write("echo\n");
    duplex.end("through a Duplex");
    let answer = "";
    for await (const piece of duplex) answer += String(piece);
    assert.equal(answer, "through a Duplex");
  });
}
