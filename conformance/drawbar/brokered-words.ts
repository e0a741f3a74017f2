import { type GrpcBroker, pluginLogger, toDuplex } from "drawbar";
import { Probe } from "./gen/probe_pb.ts";

/** The words of `Do` that go through the broker, as conformance/peers/goplugin-grpc/broker.go has them. */
export async function actBrokered(broker: GrpcBroker, word: string, rest: string): Promise<string> {
  const [number = "", ...words] = rest.split(" ");
  const id = Number(number);
  switch (word) {
    case "call-back":
      return echoThrough(broker, id, words.join(" "));
    case "offer": {
      const offered = broker.nextId();
      await broker.acceptAndServe(offered, Probe, { echo: (request) => request });
      return String(offered);
    }
    case "offer-bytes": {
      const offered = broker.nextId();
      void echoBytes(broker, offered);
      return String(offered);
    }
    default:
      return sendBytes(broker, id, words.join(" "));
  }
}

/** The words that `actBrokered` knows. */
export const brokeredWords: readonly string[] = ["call-back", "offer", "offer-bytes", "dial-bytes"];

/** Has a text echoed by the Probe that the other side serves. */
export async function echoThrough(broker: GrpcBroker, id: number, text: string): Promise<string> {
  await using other = await broker.dialService(id, Probe);
  const { value } = await other.service.echo({ value: Buffer.from(text) });
  return Buffer.from(value).toString();
}

/** Gives back what comes on the one connection to `id`. */
async function echoBytes(broker: GrpcBroker, id: number): Promise<void> {
  const logger = pluginLogger({ name: "bytes" });
  try {
    const stream = toDuplex(await broker.accept(id, { plaintext: true }));
    stream.pipe(stream).on("error", (error) => logger.warn("the bytes ended", { error }));
  } catch (error) {
    logger.warn("nobody came for the bytes", { error });
  }
}

/** Sends a text to where bytes are echoed, and what came back. Go's `Accept` takes connections without TLS. */
export async function sendBytes(broker: GrpcBroker, id: number, text: string): Promise<string> {
  const stream = toDuplex(await broker.connect(id, { plaintext: true }));
  stream.end(text);
  let echoed = "";
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) echoed += chunk;
  return echoed;
}
