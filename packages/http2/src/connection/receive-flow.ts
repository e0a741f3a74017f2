import type { ResolvedOptions } from "../options.ts";
import { BandwidthProbe } from "./bandwidth-probe.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { Pings } from "./pings.ts";
import { ReceiveWindow } from "./receive-window.ts";
import { initialConnectionWindowBytes } from "./send-scheduler.ts";
import type { Stream } from "./stream.ts";
import { remoteOpen } from "./stream-state.ts";

/**
 * Flow control of what is received. A stream's window is given back as its data is consumed; the
 * connection's at once, so that a slow stream holds up no other, until too much is unconsumed in all.
 */
export class ReceiveFlow {
  readonly #writer: FrameWriter;
  readonly #pings: Pings;
  readonly #options: ResolvedOptions;
  readonly #probe: BandwidthProbe;
  readonly #connection: ReceiveWindow;
  #unconsumedBytes = 0;
  #heldBytes = 0;

  constructor(writer: FrameWriter, pings: Pings, options: ResolvedOptions) {
    this.#writer = writer;
    this.#pings = pings;
    this.#options = options;
    this.#probe = new BandwidthProbe(options.streamWindowBytes, options.maxStreamWindowBytes);
    const size = Math.max(initialConnectionWindowBytes, options.connectionWindowBytes);
    this.#connection = new ReceiveWindow(size);
    // No setting says this: the connection's window is only ever changed by updates (RFC 9113 §6.9.2).
    if (size > initialConnectionWindowBytes) writer.windowUpdate(0, size - initialConnectionWindowBytes);
  }

  /**
   * A window for a new stream. Until our SETTINGS have arrived the peer assumes the initial 65,535, so
   * less is never insisted on.
   */
  newWindow(): ReceiveWindow {
    return new ReceiveWindow(Math.max(65_535, this.#options.streamWindowBytes));
  }

  /** DATA arrived; false if it exceeds the connection's window. */
  received(flowBytes: number): boolean {
    this.#probe.receive(flowBytes);
    if (!this.#connection.receive(flowBytes)) return false;
    if (this.#unconsumedBytes > this.#options.maxUnconsumedBytes) this.#heldBytes += flowBytes;
    else this.#giveBack(flowBytes);
    return true;
  }

  /** Data was handed to `stream`'s receiver. */
  delivered(stream: Stream, bytes: number): void {
    stream.unconsumedBytes += bytes;
    this.#unconsumedBytes += bytes;
  }

  /** The receiver consumed data, or padding came that needs no consuming. */
  consumed(stream: Stream, bytes: number): void {
    if (remoteOpen(stream.state)) {
      const increment = stream.receiveWindow.release(bytes, this.#probe.windowBytes);
      if (increment > 0) {
        this.#writer.windowUpdate(stream.id, increment);
        if (this.#probe.begin()) this.#pings.send(this.#probed, ignoreFailure);
      }
    }
  }

  /** `bytes` no longer wait to be consumed. */
  forget(bytes: number): void {
    this.#unconsumedBytes -= bytes;
    if (this.#heldBytes === 0 || this.#unconsumedBytes > this.#options.maxUnconsumedBytes) return;
    const held = this.#heldBytes;
    this.#heldBytes = 0;
    this.#giveBack(held);
  }

  #giveBack(bytes: number): void {
    const increment = this.#connection.release(bytes, 0);
    if (increment > 0) this.#writer.windowUpdate(0, increment);
  }

  readonly #probed = (): void => this.#probe.complete();
}

function ignoreFailure(): void {}
