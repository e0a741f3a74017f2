/** A command line that nobody can carry out: told with the usage, exit code 2. */
export class UsageError extends Error {}
