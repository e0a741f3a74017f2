import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstallProgress } from "@drawbar/install";
import { ProgressView } from "./progress-view.ts";

function shown(terminal: boolean, steps: readonly InstallProgress[]): string {
  let text = "";
  const err = (more: string): void => {
    text += more;
  };
  const view = new ProgressView({ terminal, err });
  for (const step of steps) view.show(step);
  view.end();
  return text;
}

const fetching = { kind: "fetching", name: "kv", version: "1.2.0" } as const;
const steps: readonly InstallProgress[] = [
  { kind: "waiting", name: "kv", pid: 7 },
  { kind: "resolving", name: "kv", source: "github.com/acme/kv" },
  { ...fetching, receivedBytes: 0, totalBytes: 4_000_000 },
  { ...fetching, receivedBytes: 3_000_000, totalBytes: 4_000_000 },
  { ...fetching, receivedBytes: 4_000_000, totalBytes: 4_000_000 },
  { ...fetching, platform: "darwin_arm64", receivedBytes: 1_500_000, totalBytes: undefined },
  { kind: "unpacking", name: "kv", version: undefined },
  { kind: "locked", name: "kv", version: "1.2.0", platform: "darwin_arm64" },
  { kind: "installed", name: "kv", version: "1.2.0", changed: true },
];

test("elsewhere than on a terminal there is a line for each step, and no more", () => {
  assert.deepEqual(shown(false, steps).split("\n"), [
    "kv: waiting for process 7, which installs it too",
    "kv: asking github.com/acme/kv",
    "kv: fetching 1.2.0",
    "kv: fetching 1.2.0 for darwin_arm64",
    "kv: unpacking",
    "kv: locked 1.2.0 for darwin_arm64",
    "kv: installed 1.2.0",
    "",
  ]);
});

test("on a terminal a bar is drawn over itself on one line, cut where that ends, and is gone at the end", () => {
  const drawn = shown(true, steps.slice(2, 6)).split("\r\u001b[K");
  assert.deepEqual(drawn, [
    "\u001b[?7l",
    "kv: fetching 1.2.0 [........................] 0% of 4.0 MB\u001b[?7h\u001b[?7l",
    "kv: fetching 1.2.0 [##################......] 75% of 4.0 MB\u001b[?7h\u001b[?7l",
    "kv: fetching 1.2.0 [########################] 100% of 4.0 MB\u001b[?7h\u001b[?7l",
    "kv: fetching 1.2.0 for darwin_arm64 1.5 MB\u001b[?7h",
    "",
  ]);
});

test("what is to be read later is a line of its own on a terminal, too", () => {
  const platforms = ["darwin_arm64", "plan9_mips"];
  const notice = { kind: "unlocked", name: "kv", version: "1.2.0", platforms } as const;
  const text =
    "kv: 1.2.0 is not locked for darwin_arm64,plan9_mips; add --platform darwin_arm64,plan9_mips\n";
  assert.equal(shown(false, [notice]), text);
  assert.ok(shown(true, [...steps.slice(1, 2), notice]).endsWith(`\r\u001b[K${text}`));
});

test("nothing is cleared where nothing was drawn", () => {
  assert.equal(shown(true, []), "");
});
