/** A command's surroundings that keep what it writes. */
export class RecordingContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal = new AbortController().signal;
  readonly stdin: AsyncIterable<Uint8Array> = nothing();
  readonly terminal: boolean = false;
  stdout = "";
  stderr = "";

  constructor({ cwd = "/", env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.cwd = cwd;
    this.env = env;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };
  readonly err = (text: string): void => {
    this.stderr += text;
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
