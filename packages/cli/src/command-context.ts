/** What a command may touch: nothing of it is global, so that tests run commands in their own process. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Results. With `--json`, one JSON value and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, notices and errors. */
  readonly err: (text: string) => void;
  /** Standard input, for commands that read it. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** True where progress may redraw a line and colours may be used. */
  readonly terminal: boolean;
}
