/** Where a provider tells what an operator should know. Fields never hold secrets. */
export interface ProviderLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Tells nobody. */
export const silentLog: ProviderLog = { debug() {}, info() {}, warn() {} };
