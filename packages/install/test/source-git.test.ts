import assert from "node:assert/strict";
import { access, mkdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources, type SourcesOptions } from "@drawbar/install";
import { withLogin } from "./servers/behaviours.ts";
import { TestRepository } from "./servers/git-repository.ts";
import { TestServer } from "./servers/test-server.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf } from "./support/transfer-case.ts";

const env: Record<string, string> = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nowhere",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

function sourcesWith(options: SourcesOptions = {}): Sources {
  return new Sources({ ...options, env: { ...env, ...options.env } });
}

async function fetched(
  sources: Sources,
  text: string,
  folder: TestFolder,
  version?: string,
): Promise<string> {
  const { artifact } = await sources.release(sources.parse(text), version, context());
  assert.equal(artifact.kind, "tree");
  const target = folder.at(`out-${Math.random()}`);
  await mkdir(target);
  await artifact.fetch(target, context());
  return target;
}

test("a repository's versions are its tags, and a checkout is the files of one of them without git's own", async () => {
  await using folder = await TestFolder.make();
  const repository = await TestRepository.make(folder.path);
  const first = await repository.commit(
    { "kv.txt": "one", "bin/run*": "#!/bin/sh\n", link: "-> kv.txt" },
    "v1.0.0",
  );
  await repository.commit({ "kv.txt": "two" }, "1.1.0");
  await repository.commit({ "kv.txt": "three" });
  const sources = sourcesWith();
  const address = sources.parse(`git::${repository.bare}`);
  assert.deepEqual([...((await sources.versions(address, context())) ?? [])].sort(), ["1.0.0", "1.1.0"]);
  const one = await fetched(sources, `git::${repository.bare}`, folder, "1.0.0");
  assert.equal(await readFile(`${one}/kv.txt`, "utf8"), "one");
  assert.equal((await stat(`${one}/bin/run`)).mode & 0o100, 0o100);
  assert.equal(await readlink(`${one}/link`), "kv.txt");
  await assert.rejects(access(`${one}/.git`));
  const contents = async (query: string): Promise<string> => {
    const out = await fetched(sources, `git::file://${repository.bare}${query}`, folder);
    return readFile(`${out}/kv.txt`, "utf8");
  };
  assert.equal(await contents(""), "three");
  assert.equal(await contents("?ref=main"), "three");
  assert.equal(await contents("?ref=1.1.0"), "two");
  assert.equal(await contents(`?ref=${first}`), "one");
  assert.equal(await contents("?ref=v1.0.0&depth=0"), "one");
  const release = await sources.release(
    sources.parse(`git::${repository.bare}?ref=v1.0.0`),
    undefined,
    context(),
  );
  assert.equal(release.artifact.origin, `${repository.bare}@${first}`);
});

test("git's own HTTP server, and one that knows nothing of git, are read; logins reach them and no one else", async () => {
  await using folder = await TestFolder.make();
  const repository = await TestRepository.make(folder.path);
  await repository.commit({ "kv.txt": "one" }, "v1.0.0");
  await repository.commit({ "kv.txt": "two" });
  const secret = "g1t-secret";
  const login = `Basic ${Buffer.from(`me:${secret}`).toString("base64")}`;
  await using dumb = await TestServer.start(await repository.dumbHandler());
  await using smart = await TestServer.start(withLogin(login, repository.smartHandler()));
  const sources = sourcesWith();
  const plain = await fetched(sources, `git::${dumb.origin}/kv.git`, folder, "1.0.0");
  assert.equal(await readFile(`${plain}/kv.txt`, "utf8"), "one");
  const address = `git::http://me:${secret}@localhost:${smart.port}/kv.git`;
  const guarded = await fetched(sources, address, folder);
  assert.equal(await readFile(`${guarded}/kv.txt`, "utf8"), "two");
  assertHides(await sources.release(sources.parse(address), undefined, context()), secret);

  const wrong = `git::http://me:not-${secret}@localhost:${smart.port}/kv.git`;
  const failure = await failureOf(sources.versions(sources.parse(wrong), context()));
  assert.equal(failure.code, "refused", failure.message);
  assertHides(failure, secret);
  const none = await failureOf(sources.versions(sources.parse(`git::${smart.origin}/kv.git`), context()));
  assert.equal(none.code, "refused", none.message);
  const missing = await failureOf(sources.versions(sources.parse(`git::${dumb.origin}/no.git`), context()));
  assert.equal(missing.code, "not-found", missing.message);
});

test("nothing that an address or a ref says is an option or a command to git", async () => {
  await using folder = await TestFolder.make();
  const repository = await TestRepository.make(folder.path);
  await repository.commit({ "kv.txt": "one" });
  const marker = folder.at("marker");
  const sources = sourcesWith();
  for (const text of [
    `git::ext::sh -c touch% ${marker}`,
    `git::--upload-pack=touch ${marker}`,
    `git::-x`,
    `git::ssh://-oProxyCommand=touch ${marker}/x`,
    `git::ssh://-oProxyCommand=x@host/x`,
    `git::transport://x/y`,
    `git::${repository.bare}?ref=--upload-pack=touch%20${marker}`,
    `git::${repository.bare}?ref=-x`,
    `git::${repository.bare}?ref=a..b`,
    `git::${repository.bare}?ref=main:../../x`,
    `git::${repository.bare}?ref=%2Bmain`.replace("%2B", "a%20"),
    `git::${repository.bare}?depth=-1`,
    `git::${repository.bare}?sshkey=x`,
  ]) {
    const failure = await failureOf(
      Promise.resolve().then(() => sources.release(sources.parse(text), undefined, context())),
    );
    assert.equal(failure.code, "bad-source", `${text}: ${failure.message}`);
  }
  await assert.rejects(access(marker));
});

test("no hook, filter or submodule of a repository, of a template or of the environment runs", async () => {
  await using folder = await TestFolder.make();
  const inner = await TestRepository.make(folder.at("."));
  await inner.commit({ "kv.txt": "one" });
  await mkdir(folder.at("template", "hooks"), { recursive: true });
  const marker = folder.at("marker");
  const script = `#!/bin/sh\ntouch ${marker}\n`;
  for (const hook of ["post-checkout", "reference-transaction"])
    await writeFile(folder.at("template", "hooks", hook), script, { mode: 0o755 });
  await writeFile(
    folder.at("config"),
    `[core]\n\thooksPath = ${folder.at("template", "hooks")}\n\tfsmonitor = ${folder.at("template", "hooks", "post-checkout")}\n`,
  );
  await inner.commit({
    ".gitmodules": `[submodule "sub"]\n\tpath = sub\n\turl = ${inner.bare}\n`,
    ".gitattributes": "* filter=evil\n",
  });
  const sources = sourcesWith({
    env: {
      GIT_TEMPLATE_DIR: folder.at("template"),
      GIT_CONFIG_GLOBAL: folder.at("config"),
      GIT_DIR: "/nowhere",
    },
  });
  const out = await fetched(sources, `git::${inner.bare}`, folder);
  assert.equal(await readFile(`${out}/kv.txt`, "utf8"), "one");
  await assert.rejects(access(marker));
});

test("a checkout that would be too large is refused before it is written", async () => {
  await using folder = await TestFolder.make();
  const repository = await TestRepository.make(folder.path);
  await repository.commit({ "kv.txt": "x".repeat(2_000_000) });
  const sources = sourcesWith({ limits: { artifactBytes: 1_000_000 } });
  await mkdir(folder.at("out"));
  const { artifact } = await sources.release(sources.parse(`git::${repository.bare}`), undefined, context());
  const failure = await failureOf(artifact.fetch(folder.at("out"), context()));
  assert.equal(failure.code, "too-large");
  await assert.rejects(access(folder.at("out", "kv.txt")));
});

test("git is ended when the fetch is cancelled, and refs that are not there are told", async () => {
  await using folder = await TestFolder.make();
  await using server = await TestServer.start(() => controller.abort());
  const controller = new AbortController();
  const sources = sourcesWith();
  const slow = sources.versions(
    sources.parse(`git::${server.origin}/kv.git`),
    context({ signal: controller.signal }),
  );
  assert.equal((await failureOf(slow)).code, "cancelled");

  const repository = await TestRepository.make(folder.path);
  await repository.commit({ "kv.txt": "one" });
  const missing = sources.parse(`git::${repository.bare}?ref=v9`);
  const failure = await failureOf(sources.release(missing, undefined, context()));
  assert.equal(failure.code, "not-found");
  assert.match(failure.message, /has no v9$/);
  const nowhere = sources.parse(`git::${folder.at("nowhere")}`);
  assert.equal((await failureOf(sources.versions(nowhere, context()))).code, "not-found");
  const noGit = sourcesWith({ env: { PATH: "/nowhere" } });
  assert.match(
    (
      await failureOf(
        noGit.versions(missing, context({})).then(() => noGit.release(missing, undefined, context())),
      )
    ).message,
    /is it installed/,
  );
});
