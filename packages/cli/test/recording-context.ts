interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** A command's surroundings that keep what it writes. */
export class RecordingContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Uint8Array> = nothing();
  readonly terminal: boolean = false;
  stdout = "";
  stderr = "";

  constructor({ cwd = "/", env = {}, signal = new AbortController().signal }: Surroundings = {}) {
    this.cwd = cwd;
    this.env = env;
    this.signal = signal;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };
  readonly err = (text: string): void => {
    this.stderr += text;
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
