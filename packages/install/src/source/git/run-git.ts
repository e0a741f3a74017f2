import { type ChildProcess, spawn } from "node:child_process";
import { type Clock, onAbort } from "@drawbar/io";
import { InstallError } from "../../install-error.ts";
import { Deadline } from "../../transfer/deadline.ts";
import { redactText } from "../../transfer/show-url.ts";

/** One run of the git program. */
export interface GitRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly maxMs: number;
}

const outputBytes = 16 * 1024 * 1024;
const errorBytes = 16 * 1024;

/**
 * Runs git without a shell, and gives what it wrote to stdout.
 * @throws InstallError `unreachable` with git's last lines, `interrupted`, `too-large`, `cancelled`
 */
export async function runGit(run: GitRun): Promise<string> {
  const deadline = new Deadline(run.clock, run.signal);
  const what = `git ${run.args[0] ?? ""}`;
  deadline.arm(
    run.maxMs,
    () => new InstallError("interrupted", `${what} was not done after ${run.maxMs / 1000} s`),
  );
  try {
    if (deadline.failure !== undefined) throw deadline.failure;
    const { code, stdout, stderr } = await collect(run, deadline);
    if (deadline.failure !== undefined) throw deadline.failure;
    if (code !== 0) throw gitFailure(what, code, stderr);
    return stdout;
  } finally {
    deadline.end();
  }
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function collect({ args, cwd, env }: GitRun, deadline: Deadline): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A group of its own: the helper that talks to the server is a process of its own, and git leaves it behind.
      detached: process.platform !== "win32",
    });
    const parts: Buffer[] = [];
    let length = 0;
    let stderr = "";
    const unlink = onAbort(deadline.signal, () => endGroup(child));
    child.stdout.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= outputBytes) parts.push(part);
      else endGroup(child);
    });
    child.stderr.on("data", (part: Buffer) => {
      stderr = (stderr + part.toString("utf8")).slice(-errorBytes);
    });
    child.on("error", (cause) => {
      unlink();
      reject(
        new InstallError("unreachable", `git could not be started: is it installed? (${cause.message})`, {
          cause,
        }),
      );
    });
    child.on("close", (code) => {
      unlink();
      if (length > outputBytes) reject(new InstallError("too-large", "git has too much to say"));
      else resolve({ code, stdout: Buffer.concat(parts).toString("utf8"), stderr });
    });
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGTERM");
  } catch {
    // It ended by itself in the meantime.
  }
}

function gitFailure(what: string, code: number | null, stderr: string): InstallError {
  const lines = stderr.split("\n").map(redactText);
  const said = lines.filter((line) => /^(fatal|error|remote):/.test(line)).slice(-3);
  const text = (said.length > 0 ? said : lines.filter((line) => line !== "").slice(-3)).join("; ");
  const kind = /not found|does not exist|does not appear to be a git|couldn't find remote ref/i.test(stderr)
    ? "not-found"
    : /authentication|could not read (Username|Password)|permission denied|not allowed|403/i.test(stderr)
      ? "refused"
      : "unreachable";
  return new InstallError(kind, `${what} failed: ${text || `it ended with ${code}`}`, {
    facts: { exitCode: code },
  });
}
