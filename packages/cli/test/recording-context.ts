interface Surroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** What stands on standard input. Default: nothing. */
  readonly stdin?: string;
  readonly colors?: boolean;
}

/** A command's surroundings that keep what it writes. */
export class RecordingContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly terminal: boolean = false;
  readonly colors: boolean;
  stdout = "";
  stderr = "";

  constructor(surroundings: Surroundings = {}) {
    const {
      cwd = "/",
      env = {},
      signal = new AbortController().signal,
      stdin = "",
      colors = false,
    } = surroundings;
    this.cwd = cwd;
    this.env = env;
    this.signal = signal;
    this.stdin = bytesOf(stdin);
    this.colors = colors;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };
  readonly err = (text: string): void => {
    this.stderr += text;
  };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield Buffer.from(text);
}
