import type { ClientPlugin } from "../plugin/plugin.ts";
import type { StatedPlugin } from "./stated-plugin.ts";

/** How one ping may be limited. */
export interface PingOptions {
  readonly signal?: AbortSignal;
  /** Default: no deadline. */
  readonly timeoutMs?: number;
}

/** A host's connection to a started plugin, in whichever protocol it speaks. */
export interface ProtocolClient {
  /** Makes what the host calls the plugin through; rejects if the plugin does not know this protocol. */
  dispense(name: string, plugin: ClientPlugin): Promise<unknown>;
  /** Resolves if the plugin answers that it serves. */
  ping(options: PingOptions): Promise<void>;
  /** What the plugin says of itself; undefined if it does not know the question, as those of other makes. */
  describe(options: PingOptions): Promise<StatedPlugin | undefined>;
  /**
   * Asks the plugin to end. Rejects if the plugin refuses, so that waiting has no use. May never settle: a
   * plugin that ends may take its answer along.
   */
  shutdown(): Promise<void>;
  /** Resolves once the plugin's output has ended and was passed on. Never rejects. */
  readonly drained: Promise<void>;
  /** Ends the connection; calls in flight fail with `reason` as their cause. */
  destroy(reason: Error): void;
}
