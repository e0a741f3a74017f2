import type { ByteStream } from "./byte-stream.ts";
import { atTurnEnd } from "./turn.ts";

// What a stream takes before it asks to wait, in slabs of the usual size.
const keptSlabs = 5;

// Most connections of a broker carry a call or two: they need not take and clear more.
const firstSlabBytes = 4 * 1024;

/**
 * Where a protocol encodes its output in place: everything reserved in one turn of the event loop
 * leaves as one write of the stream below.
 *
 * A slab is filled from front to back; what has been flushed belongs to the stream and is not touched until
 * the stream says that it has nothing unwritten. So no byte is copied between encoder and stream, and a long
 * transfer goes round in a few slabs. The first slab is smaller, and gives way when it is full.
 */
export class OutputBuffer {
  readonly #stream: ByteStream;
  readonly #slabBytes: number;
  #slab: Uint8Array;
  // Full, and perhaps still with the stream.
  #flushed: Uint8Array[] = [];
  #free: Uint8Array[] = [];
  #start = 0;
  #end = 0;
  #scheduled = false;
  #blocked = false;

  constructor(stream: ByteStream, slabBytes: number = 64 * 1024) {
    this.#stream = stream;
    this.#slabBytes = slabBytes;
    this.#slab = new Uint8Array(Math.min(firstSlabBytes, slabBytes));
  }

  /** True after a write that the stream below asked to be the last for now; see `drained`. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Bytes encoded but not yet passed to the stream. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** The slab to encode into, at the offset that `reserve` returned. */
  get bytes(): Uint8Array {
    return this.#slab;
  }

  /**
   * Makes room for `size` bytes and returns their offset in `bytes`. They count as written: a caller
   * that used fewer gives the rest back with `unreserve` before anything else is reserved.
   */
  reserve(size: number): number {
    if (this.#end + size > this.#slab.length) this.#turnOver(size);
    const offset = this.#end;
    this.#end += size;
    this.#schedule();
    return offset;
  }

  /** Gives back the last `size` bytes of the latest reservation. */
  unreserve(size: number): void {
    this.#end -= size;
  }

  /** Copies `chunk` into the slab, or passes it on by itself when it is large. */
  append(chunk: Uint8Array): void {
    if (chunk.length >= this.#slabBytes / 4) {
      this.flush();
      this.#write(chunk);
      return;
    }
    const offset = this.reserve(chunk.length);
    this.#slab.set(chunk, offset);
  }

  /** Passes everything encoded so far to the stream now. */
  flush(): void {
    if (this.#end === this.#start) return;
    const chunk = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#write(chunk);
  }

  /** To be called from the stream's `onDrain`. */
  drained(): void {
    this.#blocked = false;
    this.#reclaim();
  }

  #write(chunk: Uint8Array): void {
    if (!this.#stream.write(chunk)) this.#blocked = true;
  }

  #turnOver(size: number): void {
    if (this.#slab.length < this.#slabBytes) {
      this.#replaceFirst(size);
      return;
    }
    this.#reclaim();
    this.flush();
    this.#retire();
    this.#slab = (size <= this.#slabBytes ? this.#free.pop() : undefined) ?? this.#newSlab(size);
    this.#start = 0;
    this.#end = 0;
  }

  // What it holds of this turn goes along, so that it still leaves as one write.
  #replaceFirst(size: number): void {
    const pending = this.#slab.subarray(this.#start, this.#end);
    this.#slab = this.#newSlab(pending.length + size);
    this.#slab.set(pending);
    this.#start = 0;
    this.#end = pending.length;
  }

  #newSlab(size: number): Uint8Array {
    return new Uint8Array(Math.max(size, this.#slabBytes));
  }

  // Memory for one large frame is not kept, nor is any under a stream that does not tell when it is free.
  #retire(): void {
    const isUsual = this.#slab.length === this.#slabBytes;
    if (isUsual && this.#stream.unwrittenBytes !== undefined) this.#flushed.push(this.#slab);
  }

  #reclaim(): void {
    if (this.#stream.unwrittenBytes !== 0) return;
    const room = keptSlabs - this.#free.length;
    this.#free.push(...this.#flushed.splice(0).slice(0, room));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    atTurnEnd(this.#onTurnEnd);
  }

  readonly #onTurnEnd = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}
