import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../paths.mjs";
import { run } from "../run.mjs";
import { PlainError } from "../say.mjs";

// A relative link's target, and a path of the repository in backticks, without its placeholder.
const link = /\]\((?!https?:|#)([^)\s#]+)/g;
const path = /`((?:packages|examples|conformance|bench|scripts|config)\/[\w./-]*)`/g;
const placeholder = /(NAME|AREA)/;

/** Every relative link in Markdown leads to a file, and so do the paths that ARCHITECTURE.md names. */
export async function checkLinks() {
  const listed = await run("git", ["ls-files", "-z", "--", "*.md"]);
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
  const dead = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const links = [...text.matchAll(link)].map(([, target]) => join(dirname(file), target));
    const paths = file === "ARCHITECTURE.md" ? [...text.matchAll(path)].map(([, target]) => target) : [];
    return [...links, ...paths]
      .filter((target) => !placeholder.test(target) && !existsSync(join(root, target)))
      .map((target) => `${file} names ${target}, which is not there`);
  });
  if (dead.length > 0) throw new PlainError(dead.join("\n"));
}
