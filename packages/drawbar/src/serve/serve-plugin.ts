import type { Socket } from "node:net";
import { systemClock } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { cookieComplaint } from "../handshake/check-cookie.ts";
import { formatHandshakeLine } from "../handshake/format-handshake-line.ts";
import type { Logger } from "../log/logger.ts";
import { pluginLogger } from "../log/plugin-logger.ts";
import type { ProtocolServer } from "../protocol/protocol-server.ts";
import { StdioBuffer } from "../protocol/stdio-buffer.ts";
import { takeOwnGroup } from "../terminate/own-group.ts";
import { removeOwnCopyAtExit } from "../terminate/remove-own-copy.ts";
import { choosePlugins } from "./choose-plugins.ts";
import { chooseProtocol } from "./choose-protocol.ts";
import { createServer } from "./create-server.ts";
import { type HeldStdout, holdStdout } from "./held-stdout.ts";
import { openToHost } from "./open-to-host.ts";
import { OrphanWatch } from "./orphan-watch.ts";
import { PluginTransport } from "./plugin-transport.ts";
import { redirectStderr, writeRealStderr } from "./real-stderr.ts";
import { reportCrashes } from "./report-crashes.ts";
import type { ServeOptions } from "./serve-options.ts";
import { SocketKeeper } from "./socket-keeper.ts";
import { stdoutIsRead } from "./stdout-is-read.ts";
import { defaultStopTimeoutMs, runStopHook } from "./stop-hook.ts";

/** `serve`, loaded when it is called. */
export async function servePlugin(options: ServeOptions): Promise<never> {
  const complaint = cookieComplaint(options.handshake, process.env);
  if (complaint !== undefined) exitUnserved(complaint);
  removeOwnCopyAtExit();
  const logger = options.logger ?? pluginLogger();
  try {
    await new PluginProgram(options, logger).start();
  } catch (error) {
    // Upstream exits with 0 here, which hides the failure from whoever watches the process.
    logger.error("plugin init error", { error });
    process.exit(1);
  }
  // The process ends by `process.exit`, never by returning from here.
  return new Promise<never>(() => {});
}

function exitUnserved(complaint: string): never {
  holdStdout().restore();
  writeRealStderr(complaint);
  process.exit(1);
}

/** A plugin process from its start to its end. */
class PluginProgram {
  readonly #options: ServeOptions;
  readonly #logger: Logger;
  readonly #parentPid = process.ppid;
  readonly #endOwnGroup = takeOwnGroup();
  readonly #stdio: StdioBuffer;
  #ending = false;

  constructor(options: ServeOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    const drained = (): void => {
      for (const stream of [process.stdout, process.stderr]) stream.emit("drain");
    };
    this.#stdio = new StdioBuffer(drained, options.maxStdioBytes);
  }

  async start(): Promise<void> {
    const stdout = holdStdout();
    const { version, plugins } = choosePlugins(this.#options, process.env, (text) =>
      writeRealStderr(`the host offers a version that is no number: ${JSON.stringify(text)}\n`),
    );
    const protocol = chooseProtocol(this.#options.protocol, plugins);
    const transport = await PluginTransport.create(this.#options, protocol, process.env, this.#logger);
    const serving = await createServer({
      ...this.#options,
      protocol,
      plugins,
      stdio: this.#stdio,
      brokering: transport.brokering,
      onShutdown: () => this.#end(serving, 0),
      stated: async () => (await import("./state-plugin.ts")).statePlugin(this.#options),
      logger: this.#logger,
    });
    this.#handleSignals(serving);
    reportCrashes();
    const watch = this.#options.outliveHost ? undefined : this.#watchHost(transport);
    const watchConnection = (socket: Socket): void => {
      watch?.connected();
      socket.once("close", () => watch?.disconnected());
    };
    const accept = transport.acceptor((stream) => serving.accept(stream));
    const { address, begin, ...connection } = await openToHost(transport, watchConnection, accept);
    this.#announce(
      stdout,
      formatHandshakeLine({ version, address, protocol, ...transport.announcement, ...connection }),
    );
    begin().then(
      () => this.#listening(address),
      (error: unknown) =>
        this.#logger.error("cannot listen: no other host can attach to this plugin", { ...address, error }),
    );
    watch?.start();
  }

  #listening(address: SocketAddress): void {
    this.#logger.debug("plugin address", { ...address });
    if (address.network === "unix") new SocketKeeper(address.path, systemClock, this.#logger);
  }

  #announce(stdout: HeldStdout, line: string): void {
    stdout.writeReal(line);
    const held = stdout.release((chunk) => this.#stdio.push(1, chunk));
    this.#stdio.push(1, held);
    redirectStderr((chunk) => this.#stdio.push(2, chunk));
    // The host may be gone; the watch below sees to that, and an unheard event would end the process here.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  }

  #watchHost(transport: PluginTransport): OrphanWatch {
    return new OrphanWatch({
      clock: systemClock,
      initialParentPid: this.#parentPid,
      parentPid: () => process.ppid,
      stdoutIsRead,
      onOrphaned: () => {
        transport.removeHostSockets();
        // After all that is done at the exit: it ends this process too.
        if (this.#endOwnGroup !== undefined) process.once("exit", this.#endOwnGroup);
        process.exit(1);
      },
    });
  }

  #handleSignals(serving: ProtocolServer): void {
    let count = 0;
    // A Ctrl-C at the host's terminal reaches its plugins too; what follows is the host's to decide.
    process.on("SIGINT", () => {
      count++;
      this.#logger.trace("plugin received interrupt signal, ignoring", { count });
    });
    process.once("SIGTERM", () => this.#end(serving, 128 + 15));
    process.once("SIGHUP", () => this.#end(serving, 128 + 1));
  }

  #end(serving: ProtocolServer, exitCode: number): void {
    if (this.#ending) return;
    this.#ending = true;
    const { drainTimeoutMs = 0, onStop, stopTimeoutMs = defaultStopTimeoutMs } = this.#options;
    const beforeEnd = (): Promise<void> => runStopHook(onStop, stopTimeoutMs, systemClock, this.#logger);
    void serving.stop(drainTimeoutMs, beforeEnd).finally(() => process.exit(exitCode));
  }
}
