import assert from "node:assert/strict";
import { test } from "node:test";
import { mirrored } from "./mirrors.ts";

test("of the mirrors that fit a source, the one for the longest beginning is asked", () => {
  const mirrors = {
    "https://a/": "https://mirror/a/",
    "https://a/b/": "file::/srv/",
    "github.com/acme/": "",
  };
  assert.equal(mirrored("https://a/x.zip", mirrors), "https://mirror/a/x.zip");
  assert.equal(
    mirrored("https://a/b/x.zip?checksum=sha256:00", mirrors),
    "file::/srv/x.zip?checksum=sha256:00",
  );
  assert.equal(mirrored("github.com/acme/kv", mirrors), "kv");
  assert.equal(mirrored("https://other/x.zip", mirrors), "https://other/x.zip");
});
