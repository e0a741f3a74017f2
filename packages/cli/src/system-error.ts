import { DrawbarError } from "@drawbar/io";

/** What the operating system refused: no file of that name, no right to it. Its code is the system's: `ENOENT`. */
class SystemError extends DrawbarError {}

/** An error of node's about a file or a process as a sentence; undefined for any other error. */
export function asSystemError(error: unknown): DrawbarError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const what = /^E[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message;
  const where = path === undefined ? syscall : path;
  const advice = advices[code];
  return new SystemError(code, `${where}: ${what}${advice === undefined ? "" : `; ${advice}`}`, {
    cause: error,
    facts: { syscall, ...(path === undefined ? {} : { path }) },
  });
}

const advices: Readonly<Record<string, string>> = {
  ENOENT: "check the path",
  ENOTDIR: "check the path",
  EISDIR: "name a file",
  EACCES: "check who may read and write it",
  EPERM: "check who may read and write it",
  EROFS: "choose another folder",
  ENOSPC: "make room and try again",
  EEXIST: "choose another name, or take away what is there",
};
