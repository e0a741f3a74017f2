import assert from "node:assert/strict";
import { test } from "node:test";
import { InstallError } from "../../install-error.ts";
import { CredentialFinder } from "./credential-finder.ts";
import { envToken } from "./env-token.ts";
import { parseNetrc } from "./netrc.ts";

const text = `
# a comment with machine words
machine one.example.com login me password p1
machine TWO.example.com
	password "with \\"quotes\\" and spaces"
	account ignored
	login "you"
macdef init
  machine evil.example.com login x password y

machine three.example.com login a password #hash
machine one.example.com login other password p2
default login anonymous password all
`;

test("a .netrc is read word by word; the first entry of a host counts, macros and default do not", () => {
  const logins = [...parseNetrc(text, ".netrc")].map(([host, credentials]) => [host, credentials.login()]);
  assert.deepEqual(Object.fromEntries(logins), {
    "one.example.com": { user: "me", password: "p1" },
    "two.example.com": { user: "you", password: 'with "quotes" and spaces' },
    "three.example.com": { user: "a", password: "#hash" },
  });
});

test("a .netrc that is not understood is told by its line", () => {
  for (const [wrong, line] of [
    ["login x", 1],
    ["machine a\n\nuser x", 3],
    ["machine", 1],
    ["machine a login x\npassword", 2],
  ] as const) {
    assert.throws(
      () => parseNetrc(wrong, "/home/.netrc"),
      (error) => error instanceof InstallError && error.message.includes(`/home/.netrc, line ${line},`),
    );
  }
});

test("a host's variable is named as Terraform names it", () => {
  const token = (host: string, env: Record<string, string>): string | undefined =>
    envToken(host, env)?.header();
  assert.equal(token("my-host.example.com", { TF_TOKEN_my__host_example_com: "x" }), "Bearer x");
  assert.equal(token("my-host.example.com", { "TF_TOKEN_my-host_example_com": "x" }), "Bearer x");
  assert.equal(token("a.b", { DRAWBAR_TOKEN_a_b: "one", TF_TOKEN_a_b: "two" }), "Bearer one");
  assert.equal(token("api.github.com", { GITHUB_TOKEN: "x" }), "Bearer x");
  assert.equal(token("api.github.com.evil.example", { GITHUB_TOKEN: "x" }), undefined);
  assert.equal(token("a.b", { DRAWBAR_TOKEN_a_b: "" }), undefined);
});

test("what the environment has goes out over TLS or to this machine only; a callback decides by itself", async () => {
  const env = { DRAWBAR_TOKEN_example_com: "x", DRAWBAR_TOKEN_127_0_0_1: "x", HOME: "/nowhere" };
  const finder = new CredentialFinder(env, undefined);
  const has = async (url: string): Promise<boolean> => (await finder.find(new URL(url))) !== undefined;
  assert.equal(await has("https://example.com/"), true);
  assert.equal(await has("http://example.com/"), false);
  assert.equal(await has("http://127.0.0.1:80/"), true);
  assert.equal(await has("https://other.example.com/"), false);
});
