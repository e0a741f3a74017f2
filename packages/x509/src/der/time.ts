import { malformed } from "../error.ts";
import type { DerReader } from "./reader.ts";
import { tag } from "./tag.ts";

/**
 * Time as RFC 5280 4.1.2.5 has it: UTCTime or GeneralizedTime, in UTC, to the second, without
 * fractions. UTCTime years 50 to 99 are 1950 to 1999.
 */
export function readTime(reader: DerReader, what: string): Date {
  const at = reader.offset;
  const identifier = reader.nextTag === tag.utcTime ? tag.utcTime : tag.generalizedTime;
  const text = String.fromCharCode(...reader.contents(identifier, what).subarray(0, 16));
  const yearDigits = identifier === tag.utcTime ? 2 : 4;
  if (text.length !== yearDigits + 11 || !/^\d+Z$/.test(text)) {
    throw malformed(what, at, `time must be ${"Y".repeat(yearDigits)}MMDDHHMMSSZ`);
  }
  const digits = Number(text.slice(0, yearDigits));
  const year = yearDigits === 4 ? digits : digits < 50 ? 2000 + digits : 1900 + digits;
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    text.slice(yearDigits, -1).match(/../g) ?? []
  ).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A field out of its range moves the others, so the date read back differs.
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!same || minute > 59 || second > 59) throw malformed(what, at, "no such time");
  return date;
}
