import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Credentials, Sources } from "@drawbar/install";
import { file, redirect, routes, status, withLogin } from "./servers/behaviours.ts";
import { TestServer } from "./servers/test-server.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf, TransferCase } from "./support/transfer-case.ts";

const secret = "s3cret/with@signs";
const basic = `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`;

test("a user and password of an address go to its own host, and are shown nowhere", async () => {
  await using other = await TestServer.start(file("elsewhere"));
  await using server = await TestServer.start(
    routes({
      "/own.zip": withLogin(basic, file("own")),
      "/away.zip": withLogin(basic, redirect(`http://x:y@localhost:${other.port}/`)),
      "/wrong.zip": status(401),
    }),
  );
  await using folder = await TestFolder.make();
  const sources = new Sources({ env: { HOME: folder.path } });
  const login = `user:${encodeURIComponent(secret)}`;
  const fetch = async (name: string): Promise<void> => {
    const address = sources.parse(`http://${login}@localhost:${server.port}/${name}`);
    assertHides(address, secret);
    assert.equal(address.text, `http://localhost:${server.port}/${name}`);
    const release = await sources.release(address, undefined, context());
    assertHides(release, secret);
    await release.artifact.fetch(folder.at(name), context());
  };
  await fetch("own.zip");
  await fetch("away.zip");
  assert.equal(other.requests[0]?.headers["authorization"], undefined);
  const failure = await failureOf(fetch("wrong.zip"));
  assert.equal(failure.code, "refused");
  assertHides(failure, secret);
  assert.deepEqual(await folder.list(), ["away.zip", "own.zip"]);
});

test("an address whose password is not escaped is refused without telling it", async () => {
  const sources = new Sources({ env: {} });
  for (const address of [
    `https://user:${secret}@example.com/x.zip`,
    `https://user:pa ss${secret}@example.com:port/x`,
    `ssh://user:${secret}@example.com/x//../..`,
    `zz::https://user:${encodeURIComponent(secret)}@example.com/x`,
    `https://example.com/x?token=${secret}&checksum=nonsense`,
  ]) {
    const outcome = await failureOf(Promise.resolve(address).then((text) => sources.parse(text)));
    assertHides(outcome, secret);
  }
});

test("a token of the environment goes to the host it is named after", async () => {
  for (const name of ["DRAWBAR_TOKEN_localhost", "TF_TOKEN_localhost"]) {
    await using server = await TestServer.start(withLogin(`Bearer ${secret}`, file("yes")));
    await using one = await TransferCase.make({
      env: { [name]: secret, DRAWBAR_TOKEN_example_com: "other" },
    });
    assert.equal(await one.read(server.origin), "yes");
  }
});

test("GitHub's token goes to GitHub only", async () => {
  await using server = await TestServer.start(file("yes"));
  await using one = await TransferCase.make({ env: { GITHUB_TOKEN: secret, GH_TOKEN: secret } });
  assert.equal(await one.read(server.origin), "yes");
  assert.equal(server.requests[0]?.headers["authorization"], undefined);
});

test(".netrc is asked last, and its default is sent to nobody", async () => {
  await using server = await TestServer.start(withLogin(basic, file("yes")));
  await using folder = await TestFolder.make();
  const netrc = folder.at("netrc");
  await writeFile(netrc, `machine localhost\n  login user\n  password ${secret}\n`);
  await using one = await TransferCase.make({ env: { NETRC: netrc } });
  assert.equal(await one.read(server.origin), "yes");

  await writeFile(netrc, `machine example.com login a password b\ndefault login user password ${secret}\n`);
  await using two = await TransferCase.make({ env: { NETRC: netrc } });
  assert.equal((await failureOf(two.read(server.origin))).code, "refused");
  assert.equal(server.requests.at(-1)?.headers["authorization"], undefined);

  await writeFile(netrc, `machine localhost\nuser ${secret}\n`);
  await using three = await TransferCase.make({ env: { NETRC: netrc } });
  const failure = await failureOf(three.read(server.origin));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /netrc, line 2, is not understood/);
  assertHides(failure, secret);
});

test("a callback comes first, is asked for each host of a chain, and may leave it to the others", async () => {
  await using other = await TestServer.start(withLogin("Bearer two", file("yes")));
  await using server = await TestServer.start(withLogin("Bearer one", redirect(`${other.origin}/b`)));
  const asked: string[] = [];
  await using one = await TransferCase.make({
    env: { DRAWBAR_TOKEN_localhost: "two" },
    credentials: (url) => {
      asked.push(url.port);
      return url.port === String(server.port) ? Credentials.bearer("one") : undefined;
    },
  });
  assert.equal(await one.read(server.origin), "yes");
  assert.deepEqual(asked, [String(server.port), String(other.port)]);
});
