/** hclog's levels, lowest first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** The lowest level that is written, or that nothing is. */
export type LogThreshold = LogLevel | "off";

const ranks: Readonly<Record<LogThreshold, number>> = {
  trace: 1,
  debug: 2,
  info: 3,
  warn: 4,
  error: 5,
  off: 6,
};

/** True if an entry of `level` is written where `threshold` is the lowest that is. */
export function isWritten(level: LogLevel, threshold: LogThreshold): boolean {
  return ranks[level] >= ranks[threshold];
}

/** A threshold's name as it stands in a variable or an option: hclog's names and `off`, in any case. */
export function parseLogThreshold(text: string): LogThreshold | undefined {
  return text.trim().toLowerCase() === "off" ? "off" : parseLogLevel(text);
}

/** hclog's reading of a level's name: any case, blanks around it ignored; undefined for others. */
export function parseLogLevel(text: string): LogLevel | undefined {
  const name = text.trim().toLowerCase();
  return name in ranks && name !== "off" ? (name as LogLevel) : undefined;
}

/** How a drawbar host tells its plugins the level; plugins of other makes have no use for it. */
export const logLevelVariable: string = "DRAWBAR_LOG_LEVEL";
