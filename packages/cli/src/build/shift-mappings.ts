const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The mappings of a source map (ECMA-426) for text that is moved down and, in its first line, to the right.
 * Columns are counted from the one before, so that only the first of the line changes.
 */
export function shiftMappings(mappings: string, lines: number, columns: number): string {
  const [column, rest] = takeNumber(mappings);
  const first = rest.length === mappings.length ? "" : writeNumber(column + columns);
  return ";".repeat(lines) + first + rest;
}

// Base64 digits of five bits each, the lowest first; the sixth bit says that more follow, the last bit is the sign.
function takeNumber(text: string): [number, string] {
  let value = 0;
  let taken = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit < 0) break;
    value += (digit & 31) << (5 * taken);
    taken++;
    if (digit < 32) break;
  }
  return [value & 1 ? -(value >> 1) : value >> 1, text.slice(taken)];
}

function writeNumber(number: number): string {
  let value = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = "";
  do {
    const more = value > 31;
    text += digits[(value & 31) | (more ? 32 : 0)];
    value >>= 5;
  } while (value > 0);
  return text;
}
