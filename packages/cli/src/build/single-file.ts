import type { JoinedScript } from "./join-chunks.ts";
import { closing, opening } from "./script-prelude.ts";
import { shiftMappings } from "./shift-mappings.ts";

/** The contents of a built file and of its map. */
export interface SingleFile {
  readonly contents: string;
  readonly map: string;
}

// What node takes for a CommonJS file it runs as one. A file without an extension in a package of ES modules is
// run as such, where neither `require` nor the file's name is given.
const surroundings =
  '#!/usr/bin/env node\n"use strict";{const m=typeof module==="object"?module:{exports:{}},' +
  'r=typeof require==="function"?require:process.getBuiltinModule("module").createRequire(process.argv[1]),' +
  'n=typeof __filename==="string"?__filename:process.argv[1]';

// Node shows the line of a program that an uncaught error comes from, unless these words are in it; where the line is
// the whole program, it would fill a host's log.
const unshown = "/*node-do-not-add-exception-line*/";

const call = '(m.exports,r,m,n,r("path").dirname(n))';

/** Where a script stands in its file: what V8 shows in stack traces. */
export const cachedPlace = { lineOffset: 2, columnOffset: 2 } as const;

// Both the program and its compiled form stand in comments, which node skips quickly: the program on the third line;
// on the fourth who can use its compiled form, a sum of that, and that. They are comments of a function, whose text is
// in memory anyway: a part of it is no copy, and what is large makes V8 collect garbage. V8 compares versions and
// flags, and compiles the program anew where they are others; so do we with what V8 does not compare: it would run
// damaged code, and end the process. The code is decoded in pieces: node makes two bytes of each letter before.
// Compiled code brings the script's name along, under which no source map is found, so who asks for these has the
// program compiled.
const cachedHead =
  `${surroundings},f=h.toString(),a=f.indexOf("\\n//")+3,b=f.indexOf("\\n",a),c=f.indexOf(" ",b),` +
  'd=f.indexOf(" ",c+1),e=f.indexOf("\\n",d),' +
  "g=!process.sourceMapsEnabled&&process.version+process.arch===f.slice(b+3,c)" +
  "?v(d+1,e):void 0," +
  's=new(r("vm").Script)(f.slice(a,b),{filename:n,lineOffset:2,columnOffset:2,' +
  `cachedData:g&&u(g)==f.slice(c+1,d)?g:void 0});s.runInThisContext()${call};` +
  "function v(i,e){const g=Buffer.allocUnsafe((e-i)*3>>2);let o=0;" +
  'for(;i<e;i+=65536)o+=g.write(f.slice(i,Math.min(i+65536,e)),o,"base64");return g.subarray(0,o)}' +
  "function u(g){let s=g.length;const w=new Int32Array(g.buffer,g.byteOffset,s>>2);" +
  "for(let i=0;i<w.length;i+=64)s=Math.imul(s,31)+w[i]|0;return s}function h(){\n//";

// One word in 64, as the loop runs before V8 has it compiled: all of them would take longer to add up than V8 takes to
// read them. It is for files that were cut, converted or partly overwritten; what is signed or has a checksum is checked
// elsewhere.
function sumOf(code: Buffer): number {
  let sum = code.length;
  const words = new Int32Array(code.buffer, code.byteOffset, sum >> 2);
  for (let index = 0; index < words.length; index += 64) sum = (Math.imul(sum, 31) + (words[index] ?? 0)) | 0;
  return sum;
}

/**
 * Whether a program is one line, and of ASCII: other letters, which the compiler leaves in regular expressions, would
 * double what the whole file takes in memory.
 */
export function fitsComment({ text }: JoinedScript): boolean {
  return !/[\n\r\u0080-\uffff]/.test(text);
}

/** The function that holds a program that fits in a comment. */
export function functionOf({ text }: JoinedScript): string {
  return unshown + opening + text + closing;
}

/** A file whose program need not be compiled. */
export function cachedFile(script: JoinedScript, cache: Uint8Array, mapName: string): SingleFile {
  const code = Buffer.from(cache);
  const known = `${process.version}${process.arch} ${sumOf(code)} ${code.toString("base64")}`;
  const contents = `${cachedHead}${functionOf(script)}\n//${known}\n}}\n${mapComment(mapName)}`;
  return { contents, map: moveMap(script.map, 2, 2 + unshown.length + opening.length) };
}

/** A file whose program node compiles at each start. */
export function plainFile({ text, map }: JoinedScript, mapName: string): SingleFile {
  const before = text.includes("\n") ? "" : unshown;
  const contents = `${surroundings};${opening}\n${before}${text}\n${closing}${call}}\n${mapComment(mapName)}`;
  return { contents, map: moveMap(map, 2, before.length) };
}

function mapComment(name: string): string {
  return `//# sourceMappingURL=${encodeURIComponent(name)}\n`;
}

function moveMap(text: string, lines: number, columns: number): string {
  const map: { mappings: string } = JSON.parse(text);
  return JSON.stringify({ ...map, mappings: shiftMappings(map.mappings, lines, columns) });
}
