/**
 * Whether a test of a source file has a title with these words, as words; what a template fills in has to stand in the
 * file itself.
 */
export function hasTest(source: string, wanted: string): boolean {
  const titles = source.matchAll(/(?:\b(?:test|it)\(|\btitle:)\s*(["`])((?:\\.|(?!\1).)*)\1/gs);
  return [...titles].some(([, , title = ""]) => {
    if (new RegExp(`(?<!\\w)${literal(wanted)}(?!\\w)`).test(title)) return true;
    const [before = "", after] = title.split(/\$\{[^}]*\}/);
    if (after === undefined || before === "" || !wanted.startsWith(before)) return false;
    return source.includes(`"${wanted.slice(before.length)}"`);
  });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
