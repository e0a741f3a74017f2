import type { ByteReceiver, ByteStream } from "@drawbar/io";
import { AcceptQueue } from "./accept-queue.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { YamuxError } from "./errors.ts";
import { FloodBudget } from "./flood-budget.ts";
import { type FrameHeader, flag, frameType, goAwayCode } from "./frame.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { OpenSlots } from "./open-slots.ts";
import type { Settings } from "./options.ts";
import { Pings } from "./pings.ts";
import { SessionStream, type StreamHost } from "./stream.ts";
import { isOffered, isUnanswered, type StreamState } from "./stream-state.ts";
import * as violation from "./violations.ts";

/**
 * - `open`: streams are opened and accepted
 * - `draining`: `close` was called; the streams that are there go on
 * - `ending`: no streams any more; the connection's last bytes are on their way
 * - `closed`: the connection is gone
 */
type Phase = "open" | "draining" | "ending" | "closed";

// How long a connection may take to say goodbye once the session is over.
const lingerMs = 1_000;

/** Frames that a peer may rightly send on a stream which was reset here: ACK, credit, FIN, reset. */
const lateFrames = 4;

// A window update below this is worth less than its own header and the frame that it lets go.
const smallCreditBytes = 1024;

/** What stands behind a Session: owns the connection, and moves frames between it and the streams. */
export class SessionDriver implements ByteReceiver, FrameSink, StreamHost {
  readonly settings: Settings;
  readonly writer: FrameWriter;
  bufferedBytes = 0;
  readonly closed: Promise<Error | undefined>;
  readonly #connection: ByteStream;
  readonly #reader = new FrameReader(this);
  readonly #pings: Pings;
  readonly #flood: FloodBudget;
  readonly #streams = new Map<number, SessionStream>();
  readonly #offered = new AcceptQueue<SessionStream>();
  readonly #slots: OpenSlots;
  readonly #halfClosed: DeadlineQueue<SessionStream>;
  #inboundCount = 0;
  #nextId: number;
  #phase: Phase = "open";
  #localGoneAway = false;
  #remoteGoneAway = false;
  #error: Error | undefined;
  // Where the payload of the present data frame goes; undefined to drop it.
  #target: SessionStream | undefined;
  #targetEnds = false;
  #settle: (error: Error | undefined) => void = () => {};

  constructor(connection: ByteStream, settings: Settings) {
    const { clock } = settings;
    this.settings = settings;
    this.#connection = connection;
    this.#nextId = settings.role === "client" ? 1 : 2;
    this.#flood = new FloodBudget(clock, settings.floodBurstFrames, settings.floodFramesPerSecond);
    this.writer = new FrameWriter(connection, clock, settings.writeTimeoutMs, () =>
      this.destroy(violation.writeTimeout(settings.writeTimeoutMs)),
    );
    this.#pings = new Pings(clock, settings.writeTimeoutMs, (value) =>
      this.writer.control(frameType.ping, flag.syn, 0, value),
    );
    this.#slots = new OpenSlots(clock, settings.acceptBacklog, settings.streamOpenTimeoutMs, (stream) =>
      this.destroy(violation.openTimeout(stream.id, settings.streamOpenTimeoutMs)),
    );
    this.#halfClosed = new DeadlineQueue(clock, settings.streamCloseTimeoutMs, (stream) =>
      this.#closeTimeout(stream),
    );
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    connection.start(this);
    if (settings.keepAliveIntervalMs > 0) {
      this.#pings.keepAlive(settings.keepAliveIntervalMs, () => this.#keepAliveFailed());
    }
  }

  // ---- what the application asks for

  get streamCount(): number {
    return this.#streams.size;
  }

  open(): SessionStream {
    if (this.#phase !== "open") throw violation.sessionClosed(this.#error);
    if (this.#remoteGoneAway) throw violation.remoteGoAway();
    if (this.#nextId > 0xffff_fffd) throw violation.streamsExhausted();
    const stream = new SessionStream(this, this.#nextId, "init");
    this.#nextId += 2;
    this.#streams.set(stream.id, stream);
    this.#slots.add(stream);
    return stream;
  }

  async accept(signal: AbortSignal | undefined): Promise<SessionStream> {
    const stream = await this.#offered.take(signal);
    if (isOffered(stream.state)) stream.accept();
    return stream;
  }

  ping(): Promise<number> {
    if (this.#isOver) return Promise.reject(violation.sessionClosed(this.#error));
    return this.#pings.ping();
  }

  goAway(): void {
    if (this.#localGoneAway) return;
    this.#localGoneAway = true;
    this.writer.control(frameType.goAway, 0, 0, goAwayCode.normal);
  }

  async close(graceMs: number): Promise<void> {
    if (this.#phase === "open") {
      this.goAway();
      this.#phase = "draining";
      const timer = this.settings.clock.setTimer(graceMs, () => this.destroy());
      void this.closed.then(() => timer.cancel());
      this.#endIfDrained();
    }
    await this.closed;
  }

  destroy(error?: Error): void {
    if (this.#phase === "closed") return;
    this.#over(error);
    this.#connection.destroy(error);
  }

  // ---- what the connection delivers

  onData(chunk: Uint8Array): void {
    try {
      this.#reader.push(chunk);
    } catch (thrown) {
      if (!(thrown instanceof YamuxError)) throw thrown;
      this.#fail(thrown);
    }
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (!this.#allReleased()) this.#over(violation.connectionLost(undefined));
    this.#end();
  }

  onDrain(): void {
    this.writer.drained();
  }

  onClose(error: Error | undefined): void {
    this.#over(violation.connectionLost(error));
    this.#phase = "closed";
    this.#settle(this.#error);
  }

  // ---- what the reader delivers

  onFrame(header: Readonly<FrameHeader>): void {
    switch (header.type) {
      case frameType.data:
        this.#target = this.#receive(header, header.length);
        this.#targetEnds = (header.flags & flag.fin) !== 0;
        break;
      case frameType.windowUpdate:
        this.#onWindowUpdate(header);
        break;
      case frameType.ping:
        this.#onPing(header);
        break;
      case frameType.goAway:
        this.#onGoAway(header.length);
        break;
    }
  }

  onPayload(piece: Uint8Array): void {
    this.#target?.receivePayload(piece);
  }

  onPayloadEnd(): void {
    const stream = this.#target;
    this.#target = undefined;
    if (this.#targetEnds) stream?.receiveFin();
  }

  // The stream that a data frame or a window update is for, after its SYN, ACK and reset; undefined if
  // there is none (any more).
  #receive(header: Readonly<FrameHeader>, length: number): SessionStream | undefined {
    const { flags, streamId } = header;
    if ((flags & flag.syn) !== 0) this.#onSyn(streamId);
    const stream = this.#streams.get(streamId);
    // Without a stream there is no window left to compare with, but none was ever larger than this.
    if (stream === undefined) violation.checkStrayLength(header, length, this.settings.maxStreamWindowBytes);
    else stream.reserveWindow(length);
    if (length === 0 && !changesSomething(flags, stream)) this.#spendOn(header);
    if (stream === undefined) return undefined;
    if ((flags & flag.rst) !== 0) {
      // Opened and reset over and over, streams would cost us and not the peer.
      if (this.#isInbound(streamId)) this.#spend();
      stream.receiveReset(violation.streamReset(streamId));
      return undefined;
    }
    stream.receiveFrame();
    return stream;
  }

  #onWindowUpdate(header: Readonly<FrameHeader>): void {
    const stream = this.#receive(header, 0);
    if (stream === undefined) return;
    if (header.length > 0) stream.receiveCredit(header.length);
    if ((header.flags & flag.fin) !== 0) stream.receiveFin();
  }

  // A window update that gives a fair amount of room has a use; so small a one as this has none.
  #spendOn(header: Readonly<FrameHeader>): void {
    if (header.type === frameType.data || header.length < smallCreditBytes) this.#spend();
  }

  #onSyn(id: number): void {
    if (id === 0 || !this.#isInbound(id)) throw violation.badStreamId(id, this.settings.role);
    if (this.#streams.has(id)) throw violation.duplicateStream(id);
    if (!this.#mayAccept()) {
      this.#spend();
      this.#answer(frameType.windowUpdate, flag.rst, id, 0);
      return;
    }
    const stream = new SessionStream(this, id, "offered");
    this.#streams.set(id, stream);
    this.#inboundCount++;
    const { onStream } = this.settings;
    if (onStream === undefined) {
      this.#offered.put(stream);
      return;
    }
    stream.accept();
    onStream(stream);
  }

  #mayAccept(): boolean {
    const { acceptBacklog, maxInboundStreams } = this.settings;
    return (
      !this.#localGoneAway && this.#offered.length < acceptBacklog && this.#inboundCount < maxInboundStreams
    );
  }

  #isInbound(id: number): boolean {
    return id % 2 === (this.settings.role === "client" ? 0 : 1);
  }

  #onPing(header: Readonly<FrameHeader>): void {
    if ((header.flags & flag.syn) !== 0) {
      this.#spend();
      this.#answer(frameType.ping, flag.ack, 0, header.length);
    } else if (!this.#pings.answered(header.length)) {
      this.#spend();
    }
  }

  #onGoAway(code: number): void {
    if (code !== goAwayCode.normal) {
      this.#over(violation.remoteError(code));
      this.#end();
      return;
    }
    this.#spend();
    this.#remoteGoneAway = true;
    for (const stream of this.#slots.waiting) stream.receiveReset(violation.remoteGoAway());
  }

  #answer(type: 1 | 2, flags: number, streamId: number, value: number): void {
    this.writer.answer(type, flags, streamId, value);
    if (this.writer.queuedAnswers > this.settings.maxQueuedAnswers) {
      throw violation.answersNotRead(this.settings.maxQueuedAnswers);
    }
  }

  #spend(): void {
    if (!this.#flood.spend()) throw violation.flood(this.settings);
  }

  // ---- what streams report

  moved(stream: SessionStream, from: StreamState, to: StreamState): void {
    if (to === "openingEnded" || to === "localEnded") this.#halfClosed.add(stream);
    if (to === "closed") this.#forget(stream);
    this.#slots.moved(stream, from, to);
  }

  released(): void {
    this.#endIfDrained();
  }

  didReset(): void {
    this.#flood.grant(lateFrames);
  }

  heard(stream: SessionStream): void {
    this.#halfClosed.add(stream);
  }

  #forget(stream: SessionStream): void {
    this.#streams.delete(stream.id);
    this.#halfClosed.delete(stream);
    this.#offered.delete(stream);
    if (this.#isInbound(stream.id)) this.#inboundCount--;
    this.#endIfDrained();
  }

  #closeTimeout(stream: SessionStream): void {
    if (stream.holdsBytes) {
      this.#halfClosed.add(stream);
      return;
    }
    stream.fail(violation.closeTimeout(stream.id, this.settings.streamCloseTimeoutMs));
  }

  // ---- the end

  get #isOver(): boolean {
    return this.#phase === "ending" || this.#phase === "closed";
  }

  #keepAliveFailed(): void {
    if (!this.#isOver) this.destroy(violation.keepAliveTimeout(this.settings.writeTimeoutMs));
  }

  #endIfDrained(): void {
    if (this.#phase === "draining" && this.#allReleased()) this.#end();
  }

  // True if no stream is in use any more, though the peer's end of some may not have come.
  #allReleased(): boolean {
    for (const stream of this.#streams.values()) {
      if (!stream.isReleased && !isOffered(stream.state)) return false;
    }
    return true;
  }

  // The peer broke the protocol: it is told so, and the connection goes.
  #fail(error: YamuxError): void {
    this.writer.control(frameType.goAway, 0, 0, goAwayCode.protocolError);
    this.#over(error);
    this.#end();
  }

  // Nothing is read or opened from here on, and every stream learns of it.
  #over(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#phase = "ending";
    this.#error = error;
    this.#reader.stop();
    this.#slots.close();
    this.#halfClosed.clear();
    const closedError = violation.sessionClosed(error);
    this.#pings.close(closedError);
    this.#offered.close(closedError);
    this.writer.flush();
    this.writer.close();
    for (const stream of [...this.#streams.values()]) stream.sessionOver(error ?? closedError);
  }

  // Sends what is written, waits a moment for the peer to close too, and cuts.
  #end(): void {
    this.#over(undefined);
    this.#connection.end();
    const timer = this.settings.clock.setTimer(lingerMs, () => this.#connection.destroy());
    void this.closed.then(() => timer.cancel());
  }
}

// A SYN, a first answer, a FIN or a reset does; more answers leave the stream as it was.
function changesSomething(flags: number, stream: SessionStream | undefined): boolean {
  if (stream === undefined) return false;
  if ((flags & (flag.fin | flag.rst)) !== 0) return true;
  return (flags & flag.syn) !== 0 || isUnanswered(stream.state);
}
