import { DrawbarError } from "@drawbar/io";

/** The command line asks for what makes no sense: exit code 2. Code `usage`. */
export class UsageError extends DrawbarError<"usage"> {
  constructor(message: string) {
    super("usage", message);
  }
}
