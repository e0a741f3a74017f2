import type { AnySchema } from "@drawbar/gob";
import type { Implementation, Methods, RequestContext, Service } from "./contract.ts";
import { badService } from "./errors.ts";

/** A method that can be called by its full name. */
export interface Entry {
  readonly args: AnySchema;
  readonly reply: AnySchema;
  readonly invoke: (args: unknown, context: RequestContext) => unknown;
}

/** What a server offers, by full name. */
export class ServiceTable {
  readonly #services = new Set<string>();
  readonly #entries = new Map<string, Entry>();

  /** @throws NetRpcError netrpc-bad-service */
  add<M extends Methods>(name: string, { methods }: Service<M>, implementation: Implementation<M>): void {
    if (this.#services.has(name)) throw badService(name, "rpc: service already defined");
    const entries = Object.entries(methods).map(([methodName, { args, reply }]): [string, Entry] => {
      const handler = implementation[methodName] as Entry["invoke"] | undefined;
      if (typeof handler !== "function") throw badService(name, `method ${methodName} is not implemented`);
      const invoke: Entry["invoke"] = (value, context) => handler.call(implementation, value, context);
      return [`${name}.${methodName}`, { args, reply, invoke }];
    });
    this.#services.add(name);
    for (const [serviceMethod, entry] of entries) this.#entries.set(serviceMethod, entry);
  }

  get(serviceMethod: string): Entry | undefined {
    return this.#entries.get(serviceMethod);
  }

  /** Why there is no such method, in Go's words. */
  explain(serviceMethod: string): string {
    const dot = serviceMethod.lastIndexOf(".");
    if (dot < 0) return `rpc: service/method request ill-formed: ${serviceMethod}`;
    const what = this.#services.has(serviceMethod.slice(0, dot)) ? "method" : "service";
    return `rpc: can't find ${what} ${serviceMethod}`;
  }
}
