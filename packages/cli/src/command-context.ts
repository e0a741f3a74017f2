/** What a command may touch: nothing of it is global, so that tests run commands in their own process. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its abort ends the command early; the reason may be an Interruption. */
  readonly signal: AbortSignal;
  /** Results. With `--json`, one JSON value and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, notices and errors. */
  readonly err: (text: string) => void;
  /** Standard input, for commands that read it. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** True where progress may redraw a line. */
  readonly terminal: boolean;
  /** True where help and errors may have colours. */
  readonly colors: boolean;
}
