/** Tells a person what is being done. On stderr: stdout belongs to the program that is run. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A failure whose message is all that a person needs: no stack trace is shown. */
export class PlainError extends Error {
  exitCode = 1;
}

/** A command line that cannot be meant: what is wrong with it, and the usage. */
export class UsageError extends PlainError {
  exitCode = 2;

  constructor(message, usage) {
    super(`${message}\n\n${usage}`);
  }
}

/** Runs a script's main function; a PlainError ends it with its message and its exit code. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    say(error instanceof PlainError ? error.message : (error?.stack ?? String(error)));
    process.exitCode = error instanceof PlainError ? error.exitCode : 1;
  }
}
