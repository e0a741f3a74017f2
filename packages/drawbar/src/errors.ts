import { DrawbarError, type DrawbarErrorOptions } from "@drawbar/io";

/** What the options given to drawbar got wrong. Code `plugin-config-invalid`. */
export class PluginConfigError extends DrawbarError {
  constructor(message: string, options?: DrawbarErrorOptions) {
    super("plugin-config-invalid", message, options);
  }
}

/** Why a plugin could not be started; stable, for programs. */
export type PluginStartErrorCode =
  /** The command names no file, or nothing on the PATH. */
  | "command-not-found"
  /** The file exists and this process may not execute it. */
  | "command-not-executable"
  /** The file is a program for another machine or system. */
  | "command-wrong-architecture"
  /** The system refused to start the process for another reason. */
  | "command-failed"
  /** The file is not the one that `secureConfig` describes. */
  | "checksum-mismatch"
  /** No handshake line came within the start timeout. */
  | "start-timeout"
  /** The caller's signal aborted the start. */
  | "start-aborted"
  /** The process ended before its handshake line. */
  | "plugin-exited-early"
  /** What came on stdout is not a handshake line. */
  | "handshake-unrecognized"
  | "core-version-invalid"
  | "core-version-incompatible"
  | "app-version-invalid"
  | "app-version-incompatible"
  | "network-unknown"
  | "address-invalid"
  | "protocol-not-allowed"
  | "server-cert-invalid"
  /** The plugin expects TLS, which the host did not ask for. */
  | "server-cert-unexpected"
  /** The host asked for AutoMTLS, which the plugin does not do. */
  | "server-cert-missing"
  | "multiplex-flag-invalid"
  | "multiplex-not-supported"
  /** The handshake was in order, but nobody answers at its address. */
  | "dial-failed"
  /** The connection stood, but host and plugin do not trust each other. */
  | "tls-failed"
  /** The plugin states another version than it is installed as. */
  | "version-mismatch"
  /** There is no process, or no plugin, where the reattach config says. */
  | "reattach-process-not-found";

/**
 * A plugin did not start. `facts` has `plugin` (the file), and where known `pid`, `exitCode`, `signal`,
 * `stderr` (its last lines) and `stdout` (lines before the handshake). The process is gone when this is
 * thrown.
 */
export class PluginStartError extends DrawbarError<PluginStartErrorCode> {}

/** How a process ended: by an exit code or by a signal; neither where it could not be learned. */
export interface ExitStatus {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/**
 * The plugin's process is over. Every call in flight settles with it as cause, and `PluginClient.signal`
 * aborts with it. Code `plugin-exited`.
 */
export class PluginExitedError extends DrawbarError {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last lines of the plugin's stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(plugin: string, pid: number, status: ExitStatus, stderr: readonly string[], asked: boolean) {
    const how = asked ? "was ended by its host" : "ended by itself, while its host still used it";
    super(
      "plugin-exited",
      `plugin ${plugin} (pid ${pid}) ${how}: ${describeExit(status)}${quoteStderr(stderr)}`,
      {
        facts: { plugin, pid, ...status, stderr },
      },
    );
    this.exitCode = status.exitCode;
    this.signal = status.signal;
    this.stderr = stderr;
  }
}

/** The connection to a plugin that still runs was lost. Code `plugin-connection-lost`. */
export class PluginConnectionError extends DrawbarError {
  /** @param advice what comes of it, which depends on the protocol */
  constructor(plugin: string, advice: string, options?: DrawbarErrorOptions) {
    super(
      "plugin-connection-lost",
      `plugin ${plugin} closed its connection but goes on running; ${advice}`,
      options,
    );
  }
}

/** This host let go of a plugin that goes on running. Code `plugin-detached`. */
export class PluginDetachedError extends DrawbarError {
  constructor(plugin: string, id: string) {
    super("plugin-detached", `this host let go of plugin ${plugin} (${id}), which goes on running`, {
      facts: { plugin, id },
    });
  }
}

/** A name that cannot be dispensed: `plugin-unknown` or `plugin-protocol-unsupported`. */
export class PluginDispenseError extends DrawbarError {}

/** "exit code 1", "signal SIGKILL". */
export function describeExit(status: ExitStatus): string {
  if (status.signal !== undefined) return `signal ${status.signal}`;
  if (status.exitCode !== undefined) return `exit code ${status.exitCode}`;
  return "how it ended is not known";
}

/** A paragraph with a plugin's last stderr lines, empty if there are none. */
export function quoteStderr(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `\nThe last lines of its stderr:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
