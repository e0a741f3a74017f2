import { PluginConfigError } from "../errors.ts";

/**
 * One name's pattern as Go's filepath.Match reads it: `*`, `?`, `[class]` with `^` or `!` for all others, and
 * `\` before a character that stands for itself.
 */
export function globPattern(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? "";
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = classEnd(glob, at);
      source += characterClass(glob.slice(at + 1, end));
      at = end;
    } else if (char === "\\" && at + 1 < glob.length) source += quoted(glob[++at] ?? "");
    else source += quoted(char);
  }
  return new RegExp(`^${source}$`, "su");
}

function classEnd(glob: string, start: number): number {
  // The first character of a class may be the bracket itself.
  const first = /[\^!]/.test(glob[start + 1] ?? "") ? start + 3 : start + 2;
  const end = glob.indexOf("]", first);
  if (end === -1) throw new PluginConfigError(`the pattern ${JSON.stringify(glob)} has a "[" without a "]"`);
  return end;
}

function characterClass(inside: string): string {
  const negated = /^[\^!]/.test(inside);
  const members = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, "\\$&");
  return `[${negated ? "^/" : ""}${members}]`;
}

function quoted(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
