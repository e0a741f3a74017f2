import type { ByteReceiver, ByteStream, Timer } from "@drawbar/io";
import { type ErrorCode, Http2Error } from "../errors.ts";
import { FrameReader } from "../frame/frame-reader.ts";
import type { FrameSink } from "../frame/frame-sink.ts";
import type { Goaway } from "../frame/goaway.ts";
import { clientPreface } from "../frame/preface.ts";
import type { Settings } from "../frame/settings.ts";
import type { DecodedBlock } from "../hpack/decoded-block.ts";
import { HpackDecoder } from "../hpack/decoder.ts";
import { HpackError } from "../hpack/hpack-error.ts";
import type { ResolvedOptions } from "../options.ts";
import { type ControlKind, FloodGuard } from "./flood-guard.ts";
import { Life } from "./life.ts";
import { PeerSettings } from "./peer-settings.ts";
import { ReceiveFlow } from "./receive-flow.ts";
import { StallWatch } from "./stall-watch.ts";
import type { Stream, StreamHost } from "./stream.ts";
import { remoteOpen, type StreamFrame, verdictOn } from "./stream-state.ts";

/** What both roles have in common: frames to streams, flow control, limits, the connection's life. */
export abstract class Core extends Life implements FrameSink, ByteReceiver, StreamHost {
  protected readonly decoder: HpackDecoder;
  protected readonly peer: PeerSettings = new PeerSettings();
  protected readonly flow: ReceiveFlow;
  protected readonly guard: FloodGuard;
  readonly #reader: FrameReader;
  readonly #stalls: StallWatch;
  #settingsTimer: Timer | undefined;
  #acknowledged = false;
  #waitingReplies = 0;
  // The stream that the DATA frame being read belongs to.
  #dataStream: Stream | undefined;

  protected constructor(
    stream: ByteStream,
    options: ResolvedOptions,
    role: "client" | "server",
    settings: Settings,
  ) {
    super(stream, options);
    const { limits, clock } = options;
    this.decoder = new HpackDecoder(options.headerTableBytes, limits.maxHeaderListBytes);
    this.guard = new FloodGuard(clock, limits);
    this.#stalls = new StallWatch(clock, limits.stallTimeoutMs);
    this.#reader = new FrameReader(this, limits, role);
    if (role === "client") this.writer.raw(clientPreface);
    this.writer.settings(settings);
    this.flow = new ReceiveFlow(this.writer, this.pings, options);
    this.#settingsTimer = clock.setTimer(limits.settingsTimeoutMs, () => {
      const what = this.peer.received ? "acknowledge SETTINGS" : "begin with SETTINGS";
      this.fail("SETTINGS_TIMEOUT", `the peer did not ${what} within ${limits.settingsTimeoutMs} ms`);
    });
    stream.start(this);
  }

  // What the roles do differently.
  protected abstract isIdle(streamId: number): boolean;
  protected abstract headersReceived(streamId: number, block: DecodedBlock, endStream: boolean): void;
  protected abstract goawayReceived(goaway: Goaway): void;
  /** A stream has left the table, or the peer's settings or the stream below allow more. */
  protected abstract roomMade(): void;
  /** The peer's fault with a stream: counts where that is an attack. */
  protected abstract countReset(): boolean;

  // ---- StreamHost

  now(): number {
    return this.options.clock.now();
  }

  countUseful(): void {
    this.guard.usefulFrames++;
  }

  watchQueue(): void {
    this.#stalls.watch(this.#onStallCheck);
  }

  released(stream: Stream, bytes: number): void {
    this.flow.consumed(stream, bytes);
    this.flow.forget(bytes);
  }

  completed(stream: Stream): void {
    this.guard.completedStreams++;
    this.#leave(stream, stream.id);
  }

  resetByUs(stream: Stream, id: number, code: ErrorCode): void {
    if (id !== 0 && this.phase !== "closing" && this.phase !== "closed") {
      this.streams.rememberReset(id);
      this.writer.rstStream(id, code);
    }
    this.#leave(stream, id);
  }

  #leave(stream: Stream, id: number): void {
    this.streams.remove(id);
    if (stream.unconsumedBytes > 0) this.flow.forget(stream.unconsumedBytes);
    stream.unconsumedBytes = 0;
    this.roomMade();
  }

  // ---- FrameSink

  onDataFrame(streamId: number, flowBytes: number, paddingBytes: number, endStream: boolean): void {
    this.#dataStream = undefined;
    if (flowBytes > paddingBytes) this.guard.usefulFrames++;
    else if (!endStream && !this.#allow("empty DATA")) return;
    if (!this.flow.received(flowBytes)) {
      this.fail("FLOW_CONTROL_ERROR", "DATA exceeds the connection's window");
      return;
    }
    const stream = this.#receiving("DATA", streamId);
    if (stream === undefined) return;
    const dataBytes = flowBytes - paddingBytes;
    if (!stream.headersReceived) this.resetStream(stream, "PROTOCOL_ERROR", "DATA before headers");
    else if (!stream.receiveWindow.receive(flowBytes)) {
      this.resetStream(stream, "FLOW_CONTROL_ERROR", "DATA exceeds the stream's window");
    } else if (stream.expectedBytes >= 0 && dataBytes > stream.expectedBytes) {
      this.resetStream(stream, "PROTOCOL_ERROR", "more data than content-length announces");
    } else {
      if (stream.expectedBytes >= 0) stream.expectedBytes -= dataBytes;
      if (paddingBytes > 0) this.flow.consumed(stream, paddingBytes);
      this.#dataStream = stream;
    }
  }

  onDataChunk(chunk: Uint8Array, last: boolean, endStream: boolean): void {
    const stream = this.#dataStream;
    if (last) this.#dataStream = undefined;
    if (stream === undefined || !remoteOpen(stream.state)) return;
    if (endStream && !this.endReceived(stream)) return;
    if (chunk.length === 0 && !endStream) return;
    // Data of a stream that has just come to its end needs no window.
    if (stream.state !== "closed" && chunk.length > 0) this.flow.delivered(stream, chunk.length);
    stream.receiver.onData(chunk, endStream);
  }

  onHeaders(streamId: number, bytes: Uint8Array, start: number, end: number, endStream: boolean): void {
    this.guard.usefulFrames++;
    let block: DecodedBlock;
    try {
      block = this.decoder.decode(bytes, start, end);
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      this.fail("COMPRESSION_ERROR", error.message);
      return;
    }
    this.headersReceived(streamId, block, endStream);
  }

  onPriority(_streamId: number): void {
    this.#allow("PRIORITY");
  }

  onRstStream(streamId: number, errorCode: ErrorCode): void {
    const stream = this.#receiving("RST_STREAM", streamId);
    if (stream === undefined) {
      this.#allow("RST_STREAM");
      return;
    }
    if (!this.countReset()) {
      this.fail("ENHANCE_YOUR_CALM", "the peer begins and resets too many streams");
      return;
    }
    stream.close();
    this.#leave(stream, streamId);
    const message = `the peer reset stream ${streamId} with ${errorCode}`;
    const unprocessed = errorCode === "REFUSED_STREAM";
    stream.receiver.onReset(
      new Http2Error("http2-stream-reset", errorCode, message, { unprocessed, facts: { streamId } }),
    );
  }

  onSettings(settings: Settings): void {
    if (!this.#allow("SETTINGS")) return;
    const before = this.peer.initialWindowBytes;
    this.peer.apply(settings);
    if (settings.headerTableBytes !== undefined) this.encoder.setPeerLimit(settings.headerTableBytes);
    this.writer.maxFrameBytes = this.peer.maxFrameBytes;
    const change = this.peer.initialWindowBytes - before;
    // The acknowledgement comes before anything that the new settings let out.
    this.writer.settingsAck();
    this.#countReply();
    if (change !== 0) this.#changeWindows(change);
    this.#endSettingsWait();
    this.roomMade();
  }

  #changeWindows(change: number): void {
    for (const stream of this.streams.all()) {
      if (!stream.giveSendWindow(change)) {
        this.fail("FLOW_CONTROL_ERROR", "SETTINGS_INITIAL_WINDOW_SIZE takes a window beyond 2^31-1");
        return;
      }
    }
  }

  onSettingsAck(): void {
    if (this.#acknowledged) {
      this.#allow("SETTINGS");
      return;
    }
    this.#acknowledged = true;
    this.decoder.setTableLimit(this.options.headerTableBytes);
    this.#endSettingsWait();
  }

  #endSettingsWait(): void {
    if (!this.#acknowledged || !this.peer.received) return;
    this.#settingsTimer?.cancel();
    this.#settingsTimer = undefined;
  }

  onPing(bytes: Uint8Array, offset: number, ack: boolean): void {
    if (ack) {
      this.pings.acknowledge(bytes, offset);
      return;
    }
    if (!this.#allow("PING")) return;
    this.writer.ping(bytes, offset, true);
    this.#countReply();
  }

  onGoaway(goaway: Goaway): void {
    if (!this.#allow("GOAWAY")) return;
    const news = this.phase === "open" || goaway.errorCode !== "NO_ERROR";
    if (this.phase === "open") this.phase = "draining";
    this.goawayReceived(goaway);
    if (news) this.options.onDraining({ errorCode: goaway.errorCode, debugText: goaway.debugText });
    this.endIfDone();
  }

  onWindowUpdate(streamId: number, increment: number): void {
    if (!this.#allow("WINDOW_UPDATE")) return;
    if (streamId === 0) {
      if (!this.scheduler.give(increment)) {
        this.fail("FLOW_CONTROL_ERROR", "WINDOW_UPDATE takes the connection's window beyond 2^31-1");
      }
      return;
    }
    const stream = this.#receiving("WINDOW_UPDATE", streamId);
    if (stream !== undefined && !stream.giveSendWindow(increment)) {
      this.resetStream(stream, "FLOW_CONTROL_ERROR", "WINDOW_UPDATE takes the window beyond 2^31-1");
    }
  }

  onUnknownFrame(): void {
    this.#allow("unknown");
  }

  onStreamError(streamId: number, errorCode: ErrorCode, message: string): void {
    const stream = this.streams.get(streamId);
    if (stream !== undefined) this.resetStream(stream, errorCode, message);
    // RST_STREAM must not be sent for an idle stream (RFC 9113 §6.4).
    else if (this.isIdle(streamId)) this.fail(errorCode, message);
    else this.refuseStream(streamId, errorCode);
  }

  onConnectionError(errorCode: ErrorCode, message: string): void {
    this.fail(errorCode, message);
  }

  // ---- what frames do to streams

  /** The stream, if RFC 9113 §5.1 lets it receive that frame; otherwise the error has been dealt with. */
  #receiving(frame: StreamFrame, streamId: number): Stream | undefined {
    const stream = this.streams.get(streamId);
    const state = stream?.state ?? this.streams.stateOfAbsent(streamId, this.isIdle(streamId));
    if (state === "open") return stream;
    if (state === "ignored") return undefined;
    const verdict = verdictOn(frame, state);
    if (verdict.kind === "accept") return stream;
    if (verdict.kind === "error") {
      const message = `${frame} on stream ${streamId}, which is ${state}`;
      if (verdict.scope === "connection") this.fail(verdict.errorCode, message);
      else if (stream !== undefined) this.resetStream(stream, verdict.errorCode, message);
    }
    return undefined;
  }

  /** As for any frame: HEADERS on a stream that should exist. */
  protected receivingHeaders(streamId: number): Stream | undefined {
    return this.#receiving("HEADERS", streamId);
  }

  /** The peer's END_STREAM; false if the data is shorter than announced, which resets the stream. */
  protected endReceived(stream: Stream): boolean {
    if (stream.expectedBytes > 0) {
      this.resetStream(stream, "PROTOCOL_ERROR", "less data than content-length announces");
      return false;
    }
    stream.endReceived();
    return true;
  }

  /** Resets a stream for a fault of the peer's, or a limit. */
  protected resetStream(stream: Stream, errorCode: ErrorCode, message: string): void {
    const { id, receiver } = stream;
    stream.close();
    this.refuseStream(id, errorCode);
    this.#leave(stream, id);
    receiver.onReset(
      new Http2Error("http2-stream-reset", errorCode, `stream ${id} was reset: ${message}`, {
        facts: { streamId: id },
      }),
    );
  }

  /** RST_STREAM for a stream that never came into the table, or has left it. */
  protected refuseStream(streamId: number, errorCode: ErrorCode): void {
    this.streams.rememberReset(streamId);
    this.writer.rstStream(streamId, errorCode);
    this.#countReply();
    if (!this.countReset()) this.fail("ENHANCE_YOUR_CALM", "the peer causes too many stream errors");
  }

  #allow(kind: ControlKind): boolean {
    if (this.guard.allowsControl(kind)) return true;
    this.fail("ENHANCE_YOUR_CALM", `the peer sends too many ${kind} frames`);
    return false;
  }

  #countReply(): void {
    if (!this.writer.blocked) return;
    if (++this.#waitingReplies <= this.options.limits.maxWaitingReplies) return;
    this.fail("ENHANCE_YOUR_CALM", "the peer makes us reply but does not read the replies");
  }

  readonly #onStallCheck = (deadlineMs: number): boolean => {
    let waiting = false;
    for (const stream of this.streams.all()) {
      if (!stream.queued) continue;
      waiting = true;
      if (stream.progressMs > deadlineMs) continue;
      if (this.writer.blocked || this.scheduler.windowBytes <= 0) {
        this.fail("ENHANCE_YOUR_CALM", "the peer has let nothing be sent for too long");
        return false;
      }
      this.resetStream(stream, "ENHANCE_YOUR_CALM", "the peer has kept its window closed for too long");
    }
    return waiting && this.phase !== "closing" && this.phase !== "closed";
  };

  protected override stopReading(): void {
    this.#reader.stop();
    this.#settingsTimer?.cancel();
    this.#stalls.stop();
  }

  // ---- ByteReceiver; the rest of it is Life's

  onData(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  onDrain(): void {
    this.out.drained();
    this.#waitingReplies = 0;
    this.scheduler.pump();
    this.roomMade();
  }
}
