import { systemClock } from "@drawbar/io";
import type { Brokering } from "../broker/brokering.ts";
import type { Protocol } from "../handshake/handshake.ts";
import type { Logger } from "../log/logger.ts";
import type { ServedPluginSet } from "../plugin/plugin.ts";
import type { ProtocolServer } from "../protocol/protocol-server.ts";
import type { StatedPlugin } from "../protocol/stated-plugin.ts";
import type { StdioBuffer } from "../protocol/stdio-buffer.ts";
import type { ServeOptions } from "./serve-options.ts";

/** What a server needs, in either protocol. */
export interface CreateServerOptions extends Pick<ServeOptions, "grpc" | "netrpc" | "drainTimeoutMs"> {
  readonly protocol: Protocol;
  readonly plugins: ServedPluginSet;
  readonly stdio: StdioBuffer;
  readonly brokering: Brokering;
  readonly onShutdown: () => void;
  /** What the plugin says of itself when it is asked. */
  readonly stated: () => StatedPlugin | Promise<StatedPlugin>;
  readonly logger: Logger;
}

/** The server of one protocol; the code of the other is not loaded. */
export async function createServer(options: CreateServerOptions): Promise<ProtocolServer> {
  const { plugins, stdio, brokering, onShutdown, stated, logger } = options;
  switch (options.protocol) {
    case "grpc": {
      const { GrpcServing } = await import("../protocol/grpc/server.ts");
      const drains = (options.drainTimeoutMs ?? 0) > 0;
      return GrpcServing.create({
        plugins,
        stdio,
        brokering,
        onShutdown,
        stated,
        drains,
        server: options.grpc ?? {},
      });
    }
    case "netrpc": {
      const { NetRpcServing } = await import("../protocol/netrpc/server.ts");
      const settings = options.netrpc ?? {};
      return new NetRpcServing({ plugins, stdio, onShutdown, stated, settings, clock: systemClock, logger });
    }
  }
}
