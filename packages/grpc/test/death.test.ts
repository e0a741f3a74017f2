import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gate, type Rig, rig, settle } from "./support/rig.ts";

/** How far a call has come when one side dies. */
const phases = ["before the handler answers", "after the first reply", "with requests under way"] as const;
type Phase = (typeof phases)[number];

interface Scene {
  readonly both: Rig;
  /** Handlers whose generators or signals have seen the end. */
  readonly seen: Set<string>;
}

function scene(phase: Phase): Scene {
  const seen = new Set<string>();
  const answers = phase !== "before the handler answers";
  const both = rig({
    say: (_, { signal }) => {
      signal.addEventListener("abort", () => seen.add("say"));
      return new Promise(() => {});
    },
    collect: async (requests, { signal }) => {
      signal.addEventListener("abort", () => seen.add("collect"));
      for await (const _ of requests);
      return new Promise(() => {});
    },
    async *expand(_, { signal }) {
      signal.addEventListener("abort", () => seen.add("expand"));
      if (answers) yield {};
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    async *chat(requests, { signal }) {
      signal.addEventListener("abort", () => seen.add("chat"));
      for await (const request of requests) if (answers) yield request;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  return { both, seen };
}

const deaths: Readonly<Record<string, (both: Rig) => void>> = {
  "the client's stream is destroyed": ({ pairs }) => pairs[0]?.[0].destroy(new Error("client died")),
  "the server's stream is destroyed": ({ pairs }) => pairs[0]?.[1].destroy(new Error("server died")),
  "the client's stream ends quietly": ({ pairs }) => pairs[0]?.[0].destroy(),
  "the server's stream ends quietly": ({ pairs }) => pairs[0]?.[1].destroy(),
  "the channel is destroyed": ({ channel }) => channel.destroy(new Error("plugin died")),
  "the server is destroyed": ({ server }) => server.destroy(),
};

describe("death of a side", () => {
  for (const [how, die] of Object.entries(deaths)) {
    for (const phase of phases) {
      test(`${how} ${phase}: everything settles and nothing is left`, async () => {
        const { both, seen } = scene(phase);
        const returned = gate();
        async function* requests(): AsyncGenerator<{ key: string }> {
          try {
            for (;;) {
              yield { key: "r" };
              if (phase === "with requests under way") await new Promise((resolve) => setImmediate(resolve));
              else await settle();
            }
          } finally {
            returned.open();
          }
        }
        const expanded = both.client.expand({});
        const chatted = both.client.chat(requests());
        const drain = async (replies: AsyncIterable<unknown>): Promise<void> => {
          for await (const _ of replies);
        };
        const calls = [both.client.say({}), both.client.collect(requests()), drain(expanded), drain(chatted)];
        const outcomes = Promise.allSettled(calls);
        await settle();
        assert.equal(both.channel.activeCalls, 4);
        die(both);
        for (const outcome of await outcomes) {
          assert.equal(outcome.status, "rejected");
          assert.equal((outcome.reason as { code: string }).code, "grpc-unavailable");
        }
        await returned.promise;
        await settle();
        assert.equal(both.channel.activeCalls, 0);
        assert.equal(both.server.activeCalls, 0);
        assert.deepEqual([...seen].sort(), ["chat", "collect", "expand", "say"]);
        both.channel.destroy(new Error("done"));
        both.server.destroy();
      });
    }
  }
});
