import { DrawbarError, type DrawbarErrorOptions } from "@drawbar/io";

/** Why a command of this package failed, where no other package's error says so. */
export type CommandErrorCode =
  | "reflection-missing"
  | "reflection-failed"
  | "descriptor-invalid"
  | "plugin-unknown"
  | "method-unknown"
  | "request-invalid"
  | "not-grpc"
  | "call-failed"
  | "folder-not-empty"
  | "name-invalid"
  | "source-invalid"
  | "key-exists"
  /** What is installed is not what the lock file has. */
  | "not-intact";

/** `exitCode` is what the process ends with. Default 1. */
export class CommandError extends DrawbarError<CommandErrorCode> {
  readonly exitCode: number;

  constructor(
    code: CommandErrorCode,
    message: string,
    options?: DrawbarErrorOptions & { exitCode?: number },
  ) {
    super(code, message, options);
    this.exitCode = options?.exitCode ?? 1;
  }
}
