import { Readable, Writable } from "node:stream";
import { plugins as workshopPlugins } from "@drawbar/example-netrpc-args/workshop";
import {
  type GrpcBroker,
  type GrpcClientPlugin,
  grpcPlugin,
  type LaunchSettings,
  PluginClient,
} from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { BrokeredProbe } from "./brokered-probe.ts";
import { Probe } from "./gen/probe_pb.ts";
import { handshake } from "./probe.ts";
import { probePlugin, workshopPlugin } from "./probe-plugins.ts";

/** What a host can have under way with a plugin. */
export interface Work {
  /** One call, and its answer. */
  call(): Promise<unknown>;
  /** Go on until the plugin ends. */
  readonly endless: readonly (() => Promise<unknown>)[];
  /** One exchange over a brokered connection each: one that the host accepts, one that the plugin does. */
  readonly brokered: readonly (() => Promise<unknown>)[];
}

/** A plugin program, and how a host puts it to work. */
export interface Subject {
  readonly name: string;
  readonly command: () => Promise<[string, ...string[]]>;
  readonly plugins: { readonly workshop: GrpcClientPlugin<Work> } | typeof workshop;
}

const probe = {
  workshop: grpcPlugin(Probe, (service, broker: GrpcBroker): Work => {
    const brokered = new BrokeredProbe(service, broker);
    return {
      call: () => service.echo({ value: Buffer.from("hello") }),
      endless: [
        () => service.do({ value: "sleep 1000000" }),
        () => repeat(() => drain(service.count({ value: messagesOfOne }))),
        () => service.sum(forEver({ value: 1 })),
        () => drain(service.chat(forEver({ value: "a line" }))),
      ],
      brokered: [() => brokered.callBack("called back"), () => brokered.dialOffer("offered")],
    };
  }),
};

type Workshop = Awaited<ReturnType<typeof workshopPlugins.workshop.client>>;
const workshop = {
  workshop: {
    protocol: "netrpc" as const,
    client: async (...given: Parameters<typeof workshopPlugins.workshop.client>): Promise<Work> => {
      const service: Workshop = await workshopPlugins.workshop.client(...given);
      return {
        call: () => service.sum([1], (a, b) => a + b),
        endless: [
          // What adds for the plugin may take its time on the wire, though the example's types do not say so.
          () => service.sum([1], () => new Promise<number>(() => {}) as unknown as number),
          () => service.upload(Readable.from(forEver(Buffer.alloc(10_000)))),
          () =>
            service.download(
              "a line\n".repeat(1_000),
              2 ** 31,
              new Writable({ write: (_chunk, _encoding, done) => void setImmediate(done) }),
            ),
        ],
        brokered: [
          () => service.sum([1, 2, 3], (a, b) => a + b),
          async () => {
            const counter = await service.newCounter(1);
            await counter.service.Add(2);
            await counter.close();
          },
        ],
      };
    },
  },
};

const ourProbe = probePlugin("grpc");

/** Plugins of either make in either protocol. */
export const subjects: readonly Subject[] = [
  {
    name: "drawbar over gRPC",
    command: async () => [process.execPath, ourProbe],
    plugins: probe,
  },
  {
    name: "drawbar over net/rpc",
    command: async () => [process.execPath, workshopPlugin],
    plugins: workshop,
  },
  {
    name: "go-plugin over gRPC",
    command: async () => [await peerPath("goplugin-grpc-1.8.0", "goplugin"), "plugin"],
    plugins: probe,
  },
  {
    name: "go-plugin over net/rpc",
    command: async () => [await peerPath("goplugin-netrpc-1.8.0", "goplugin"), "plugin"],
    plugins: workshop,
  },
];

// However busy the machine is: what is tested is not how long it takes.
const patience = { startTimeoutMs: 30 * 60_000, killTimeoutMs: 30 * 60_000 };

/** Starts a subject and puts it to work. */
export async function launchSubject(subject: Subject, settings: Omit<LaunchSettings, "cmd" | "handshake">) {
  const { plugins, command } = subject;
  const cmd = await command();
  const client = await PluginClient.launch({ ...patience, ...settings, handshake, plugins, cmd });
  const work: Work = await client.dispense("workshop");
  return { client, work };
}

// The window of a stream would hold a million such messages, and all would be read after the plugin has ended.
const messagesOfOne = 1_000;

async function repeat(task: () => Promise<unknown>): Promise<never> {
  for (;;) await task();
}

// Streams at full speed would leave nothing of a busy machine for what else is under way.
const messagesAtOnce = 20;

/** Reads on until the end, so that what has come before it does not keep it waiting for long. */
async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  let read = 0;
  for await (const _ of messages) {
    if (++read % messagesAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A message a millisecond. */
async function* forEver<T>(message: T): AsyncGenerator<T> {
  for (;;) {
    yield message;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
