import { InstallError } from "../../install-error.ts";
import { Credentials } from "./credentials.ts";

/**
 * Reads a .netrc: `machine HOST login USER password PASSWORD`, in any order and on any number of lines. `default`, which
 * would be sent to every host, is passed over on purpose; so are macros.
 * @throws InstallError `refused`, with the line
 */
export function parseNetrc(text: string, file: string): ReadonlyMap<string, Credentials> {
  const machines = new Map<string, Credentials>();
  const words = netrcWords(text);
  let entry: { host: string | undefined; login: string; password: string | undefined } | undefined;
  const keep = (): void => {
    if (entry?.host === undefined || entry.password === undefined || machines.has(entry.host)) return;
    machines.set(entry.host, Credentials.basic(entry.login, entry.password));
  };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word.text === "machine" || word.text === "default") {
      keep();
      const host = word.text === "machine" ? words.value(word, file).toLowerCase() : undefined;
      entry = { host, login: "", password: undefined };
    } else if (word.text === "macdef") words.skipMacro();
    else if (entry === undefined) throw malformed(word.line, file);
    else if (word.text === "login") entry.login = words.value(word, file);
    else if (word.text === "password") entry.password = words.value(word, file);
    else if (word.text === "account") words.value(word, file);
    else throw malformed(word.line, file);
  }
  keep();
  return machines;
}

interface Word {
  readonly text: string;
  readonly line: number;
}

function netrcWords(text: string) {
  const pattern = /"((?:[^"\\]|\\.)*)"|#[^\n]*|(\S+)/g;
  const next = (): Word | undefined => {
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const line = text.slice(0, match.index).split("\n").length;
      if (match[1] !== undefined) return { text: match[1].replace(/\\(.)/g, "$1"), line };
      if (match[2] !== undefined) return { text: match[2], line };
    }
    return undefined;
  };
  const value = (word: Word, file: string): string => {
    // A password may begin with #, which is a comment elsewhere.
    const hash = /\s*(#\S*)/y;
    hash.lastIndex = pattern.lastIndex;
    const marked = hash.exec(text);
    if (marked?.[1] !== undefined) {
      pattern.lastIndex = hash.lastIndex;
      return marked[1];
    }
    const found = next();
    if (found === undefined) throw malformed(word.line, file);
    return found.text;
  };
  // A macro ends with an empty line.
  const skipMacro = (): void => {
    const end = text.slice(pattern.lastIndex).search(/\n[ \t]*\r?\n/);
    pattern.lastIndex = end < 0 ? text.length : pattern.lastIndex + end;
  };
  return { next, value, skipMacro };
}

function malformed(line: number, file: string): InstallError {
  return new InstallError(
    "refused",
    `${file}, line ${line}, is not understood: machine HOST login USER password PASSWORD is expected`,
  );
}
