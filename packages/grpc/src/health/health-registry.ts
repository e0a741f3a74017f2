import { onAbort } from "@drawbar/io";
import type { Implementation } from "../server/implementation.ts";
import { StatusError } from "../status/status-error.ts";
import type { HealthCheckResponse, ServingStatus } from "./health-messages.ts";
import type { healthService } from "./health-service.ts";

/** How many services List answers with at most, as the protocol asks for. */
const longestList = 100;

/**
 * Which services are healthy, and how clients learn of it. The server as a whole, the empty name, is
 * SERVING to begin with.
 *
 * @example
 * const health = new HealthRegistry();
 * server.addService(healthService, health.implementation);
 * health.set("plugin", "SERVING");
 */
export class HealthRegistry {
  readonly #statuses = new Map<string, ServingStatus>([["", "SERVING"]]);
  readonly #watchers = new Map<string, Set<() => void>>();
  #phase: "serving" | "shutDown" = "serving";

  /** After `shutdown` a service stays NOT_SERVING whatever is set. */
  set(service: string, status: ServingStatus): void {
    if (this.#phase === "shutDown") return;
    this.#change(service, status);
  }

  /** Undefined for a service that was never set. */
  get(service: string): ServingStatus | undefined {
    return this.#statuses.get(service);
  }

  /** Every service is NOT_SERVING from here on: clients go elsewhere while the server drains. */
  shutdown(): void {
    this.#phase = "shutDown";
    for (const service of this.#statuses.keys()) this.#change(service, "NOT_SERVING");
  }

  /** The handlers, for `Server.addService`. */
  get implementation(): Implementation<typeof healthService> {
    return {
      check: ({ service }) => {
        const status = this.#statuses.get(service);
        if (status === undefined) throw new StatusError("NOT_FOUND", "unknown service");
        return { status };
      },
      list: () => {
        if (this.#statuses.size > longestList) {
          throw new StatusError(
            "RESOURCE_EXHAUSTED",
            `server health list exceeds maximum capacity: ${longestList}`,
          );
        }
        const entries = [...this.#statuses].map(([service, status]) => [service, { status }]);
        return { statuses: Object.fromEntries(entries) };
      },
      watch: ({ service }, { signal }) => this.#watch(service, signal),
    };
  }

  #change(service: string, status: ServingStatus): void {
    if (this.#statuses.get(service) === status) return;
    this.#statuses.set(service, status);
    for (const notify of this.#watchers.get(service) ?? []) notify();
  }

  // The status now and each one after it; what changes while the client is slow is told once.
  async *#watch(service: string, signal: AbortSignal): AsyncGenerator<HealthCheckResponse, void, undefined> {
    let wake = (): void => {};
    const notify = (): void => wake();
    const removeAbort = onAbort(signal, notify);
    const watchers = this.#watchers.get(service) ?? new Set();
    this.#watchers.set(service, watchers.add(notify));
    try {
      let told: ServingStatus | undefined;
      while (!signal.aborted) {
        const status = this.#statuses.get(service) ?? "SERVICE_UNKNOWN";
        if (status !== told) {
          told = status;
          yield { status };
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      removeAbort();
      watchers.delete(notify);
      if (watchers.size === 0) this.#watchers.delete(service);
    }
  }
}
