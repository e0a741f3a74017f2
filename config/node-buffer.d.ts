/**
 * The part of node:buffer that protocol packages may use. They compile without node's types, so
 * that any other node API in them is a compile error; what stands here is what their hot paths need.
 */
declare module "node:buffer" {
  export class Buffer extends Uint8Array<ArrayBuffer> {
    static allocUnsafe(size: number): Buffer;
    static allocUnsafeSlow(size: number): Buffer;
    static from(buffer: ArrayBufferLike, byteOffset?: number, length?: number): Buffer;
    static from(text: string, encoding?: "utf8" | "latin1" | "hex" | "base64"): Buffer;
    static byteLength(text: string, encoding?: "utf8" | "latin1"): number;
    static compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1;
    static concat(chunks: readonly Uint8Array[], totalLength?: number): Buffer;
    static isBuffer(value: unknown): value is Buffer;
    equals(other: Uint8Array): boolean;
    latin1Slice(start: number, end: number): string;
    utf8Slice(start: number, end: number): string;
    latin1Write(text: string, offset: number, length?: number): number;
    utf8Write(text: string, offset: number, length?: number): number;
    writeUInt32LE(value: number, offset: number): number;
    writeFloatLE(value: number, offset: number): number;
    writeDoubleLE(value: number, offset: number): number;
    readUInt32LE(offset: number): number;
    readFloatLE(offset: number): number;
    readDoubleLE(offset: number): number;
    copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
    toString(encoding?: "utf8" | "latin1" | "hex" | "base64", start?: number, end?: number): string;
  }
  export function isUtf8(input: Uint8Array): boolean;
}
