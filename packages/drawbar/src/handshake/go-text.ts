// How Go reads and shows small values: what is checked and printed here must match what Go programs accept
// and what their users search for.

/** `strconv.Atoi`: decimal with an optional sign, else undefined. */
export function parseGoInt(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The message of the error that `strconv.Atoi` gives. */
export function goIntError(text: string): string {
  const reason = /^[+-]?\d+$/.test(text) ? "value out of range" : "invalid syntax";
  return `strconv.Atoi: parsing ${quote(text)}: ${reason}`;
}

/** `strconv.ParseBool`, undefined for what it refuses. */
export function parseGoBool(text: string): boolean | undefined {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  return undefined;
}

/** `%q`, as far as JSON's quoting goes. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** `%v` of a slice: `[a b]`. */
export function goList(items: readonly (string | number)[]): string {
  return `[${items.join(" ")}]`;
}
