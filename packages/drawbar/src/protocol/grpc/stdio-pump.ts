import { isStatusError } from "@drawbar/grpc";
import type { SafeSink } from "../../launch/sink.ts";
import type { Logger } from "../../log/logger.ts";
import type { StdioChunk } from "../stdio-buffer.ts";

/** Where the host wants a plugin's output. */
export interface StdioSinks {
  readonly stdout: SafeSink;
  readonly stderr: SafeSink;
}

/**
 * Carries a plugin's stdout and stderr to the host's sinks until the stream ends. Never rejects: a plugin
 * without the service is used without its output, as in go-plugin.
 */
export async function pumpStdio(
  chunks: AsyncIterable<StdioChunk>,
  sinks: StdioSinks,
  logger: Logger,
): Promise<void> {
  try {
    for await (const { channel, data } of chunks) {
      const sink = channel === 1 ? sinks.stdout : channel === 2 ? sinks.stderr : undefined;
      if (sink === undefined) logger.warn("unknown channel, dropping", { channel });
      const wait = sink?.write(data);
      if (wait !== undefined) await wait;
    }
  } catch (error) {
    if (isStatusError(error) && error.statusName === "UNIMPLEMENTED") {
      logger.warn("stdio service not available, stdout/stderr syncing unavailable");
    } else {
      logger.debug("the plugin's output ended", { error });
    }
  }
}
