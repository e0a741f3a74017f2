// gRPC over HTTP/2, "Timeout": at most 8 digits and a unit.
const largestValue = 99_999_999;

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** The longest timeout that can be sent: 99,999,999 hours. */
export const longestTimeoutMs: number = largestValue * 3_600_000;

/**
 * A timeout as it is sent in `grpc-timeout`: in milliseconds if it is a whole number of them, otherwise in
 * the finest unit that fits. Never shorter than `timeoutMs`: a peer must not give up before we do.
 */
export function encodeTimeout(timeoutMs: number): string {
  if (timeoutMs <= 0) return "0n";
  if (Number.isInteger(timeoutMs) && timeoutMs <= largestValue) return `${timeoutMs}m`;
  for (const unit of ["n", "u", "m", "S", "M"]) {
    const value = Math.ceil(round(timeoutMs / (unitMs[unit] ?? 1)));
    if (value <= largestValue) return `${value}${unit}`;
  }
  return `${Math.min(largestValue, Math.ceil(timeoutMs / 3_600_000))}H`;
}

/** The milliseconds of a received `grpc-timeout`, or undefined when it is malformed. */
export function decodeTimeout(text: string): number | undefined {
  if (!/^[0-9]{1,8}[HMSmun]$/.test(text)) return undefined;
  const ms = unitMs[text.slice(-1)];
  return ms === undefined ? undefined : Number(text.slice(0, -1)) * ms;
}

// Takes away what binary fractions add: 0.3 ms is 300 µs, not 300.00000000000006.
function round(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-9 * nearest ? nearest : value;
}
