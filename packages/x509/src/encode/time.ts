import { tag } from "../der/tag.ts";
import { type DerValue, tlv } from "../der/writer.ts";

/** Time in DER: UTCTime for the years 1950 to 2049, GeneralizedTime otherwise. Fractions are dropped. */
export function encodeTime(date: Date): DerValue {
  const year = date.getUTCFullYear();
  const asUtcTime = year >= 1950 && year < 2050;
  const yearDigits = asUtcTime ? twoDigits(year % 100) : String(year).padStart(4, "0");
  const text =
    yearDigits +
    twoDigits(date.getUTCMonth() + 1) +
    twoDigits(date.getUTCDate()) +
    twoDigits(date.getUTCHours()) +
    twoDigits(date.getUTCMinutes()) +
    twoDigits(date.getUTCSeconds());
  return tlv(asUtcTime ? tag.utcTime : tag.generalizedTime, `${text}Z`);
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
