import type { ByteStream } from "@drawbar/io";
import type { SafeSink } from "../../launch/sink.ts";

/**
 * Carries a stream of a plugin's output to a sink of the host, as fast as the sink takes it. Resolves once the
 * stream is over; never rejects.
 */
export function pumpStdio(stream: ByteStream, sink: SafeSink): Promise<void> {
  return new Promise((resolve) => {
    stream.start({
      onData: (chunk) => {
        const wait = sink.write(chunk.slice());
        if (wait === undefined) return;
        stream.pause();
        void wait.then(() => stream.resume());
      },
      // Tells a plugin that is about to end that all of it has arrived.
      onEnd: () => stream.end(),
      onDrain: () => {},
      onClose: () => resolve(),
    });
  });
}
