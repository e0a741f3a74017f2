import type { Client } from "@drawbar/grpc";
import { type DefinitionOf, type GrpcBroker, grpcPlugin } from "drawbar";
import { echoThrough, sendBytes } from "./brokered-words.ts";
import { Probe } from "./gen/probe_pb.ts";

/** The probe of a plugin, as a host of ours uses it through the broker. */
export class BrokeredProbe {
  readonly broker: GrpcBroker;
  readonly service: Client<DefinitionOf<typeof Probe>>;

  constructor(service: Client<DefinitionOf<typeof Probe>>, broker: GrpcBroker) {
    this.service = service;
    this.broker = broker;
  }

  /** An interface as an argument: the plugin has `text` echoed by this host. */
  async callBack(text: string): Promise<string> {
    const id = this.broker.nextId();
    await using _served = await this.broker.acceptAndServe(id, Probe, { echo: (request) => request });
    return await this.do(`call-back ${id} ${text}`);
  }

  /** An interface as a result: this host has `text` echoed by what the plugin offers. */
  async dialOffer(text: string): Promise<string> {
    return echoThrough(this.broker, Number(await this.do("offer")), text);
  }

  /** A stream of bytes: sent to the plugin, and back. */
  async bytes(text: string): Promise<string> {
    return sendBytes(this.broker, Number(await this.do("offer-bytes")), text);
  }

  async do(value: string): Promise<string> {
    return (await this.service.do({ value })).value;
  }
}

/** What a host of ours dispenses from the programs of conformance/peers/goplugin-grpc, and from our own. */
export const plugins = { probe: grpcPlugin(Probe, (service, broker) => new BrokeredProbe(service, broker)) };
