import { basename } from "node:path";
import { type Clock, onAbort } from "@drawbar/io";
import type { PluginStartError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import { type AcceptedHandshake, readHandshakeLine } from "../handshake/read-handshake-line.ts";
import type { Logger } from "../log/logger.ts";
import { PluginProcess } from "./plugin-process.ts";
import { RecentLines } from "./recent-lines.ts";
import { resolveCommand } from "./resolve-command.ts";
import type { RunningProcess } from "./running-process.ts";
import { SafeSink, type Sink } from "./sink.ts";
import { commandError, StartFailure } from "./start-failure.ts";
import { StderrPump } from "./stderr-pump.ts";
import { StdoutReader } from "./stdout-reader.ts";

/** What starts a plugin and takes its handshake. */
export interface StartOptions {
  readonly cmd: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly versions: readonly number[];
  readonly allowedProtocols: readonly Protocol[];
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly logger: Logger;
  readonly stderr: Sink | undefined;
  readonly maxLogLineBytes: number;
  readonly clock: Clock;
}

/** A plugin that runs and has said where it serves. */
export interface StartedPlugin {
  readonly path: string;
  readonly process: RunningProcess;
  readonly handshake: AcceptedHandshake;
  /** The host's logger for this plugin, named after its file. */
  readonly logger: Logger;
  readonly recentStderr: RecentLines;
  /** For what may yet go wrong before the plugin is in use. */
  readonly failure: StartFailure;
}

type StartEvent =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "exited" }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted"; readonly reason: unknown };

/** Starts a plugin and waits for its handshake line. When it rejects, the process is gone. */
export async function startPlugin(options: StartOptions): Promise<StartedPlugin> {
  const path = resolveCommand(options.cmd[0], options.cwd, process.env["PATH"] ?? "");
  const logger = options.logger.named(basename(path ?? options.cmd[0]));
  const recentStderr = new RecentLines();
  let onEvent: (event: StartEvent) => void = () => {};
  const event = new Promise<StartEvent>((resolve) => {
    onEvent = resolve;
  });
  const stdout = new StdoutReader(logger, (line) => onEvent({ kind: "line", line }));
  const stderr = new StderrPump({
    logger,
    sink: new SafeSink(options.stderr, "stderr", options.logger),
    recent: recentStderr,
    maxLineBytes: options.maxLogLineBytes,
  });

  options.signal?.throwIfAborted();
  options.logger.debug("starting plugin", { path, args: options.cmd });
  const child = await PluginProcess.start({
    cmd: [path ?? options.cmd[0], ...options.cmd.slice(1)],
    cwd: options.cwd,
    env: options.env,
    clock: options.clock,
    onStdout: (chunk) => {
      stdout.push(chunk);
      return undefined;
    },
    onStderr: (chunk) => stderr.push(chunk),
  }).catch((error: unknown) => {
    throw commandError(options.cmd[0], path, options.cwd, error);
  });
  options.logger.debug("plugin started", { path, pid: child.pid });
  void child.exited.then(() => {
    stdout.end();
    stderr.end();
    onEvent({ kind: "exited" });
  });

  const timer = options.clock.setTimer(options.startTimeoutMs, () => onEvent({ kind: "timeout" }));
  const removeAbort = onAbort(options.signal, (reason) => onEvent({ kind: "aborted", reason }));
  const first = await event;
  timer.cancel();
  removeAbort();

  const failure = new StartFailure({
    path: path ?? options.cmd[0],
    child,
    clock: options.clock,
    recentStderr,
    noise: stdout.noise,
  });
  if (first.kind === "line") {
    const handshake = readHandshakeLine(first.line, { ...options, multiplex: false });
    if (handshake.ok)
      return { path: path ?? options.cmd[0], process: child, handshake, logger, recentStderr, failure };
    throw await failure.refused(handshake);
  }
  throw await failureOf(first, failure, options);
}

function failureOf(
  event: Exclude<StartEvent, { kind: "line" }>,
  failure: StartFailure,
  options: StartOptions,
): Promise<PluginStartError> {
  switch (event.kind) {
    case "exited":
      return failure.exited();
    case "timeout":
      return failure.timedOut(options.startTimeoutMs);
    case "aborted":
      return failure.aborted(event.reason);
  }
}
