import { type EncodeContext, type EncodeOp, enter, type WriteOp, wrongType } from "./encode-context.ts";
import { Fault, toFault } from "./fault.ts";
import type { ArrayNode, SliceNode } from "./schema.ts";
import type { Writer } from "./writer.ts";
import { zeroOf } from "./zero.ts";

/** Writes a slice or an array: the count and every element, zero or not. */
export function elementsWriter(node: SliceNode | ArrayNode, element: EncodeOp): WriteOp {
  const write = element.write;
  const elements = node.kind === "array" ? arrayElements(node) : sliceElements;
  return (w, value, context) => {
    const list = elements(value);
    enter(context);
    w.uint(list.length);
    writeAll(w, list, write, context);
    context.depth--;
  };
}

function writeAll(w: Writer, list: ArrayLike<unknown>, write: WriteOp, context: EncodeContext): void {
  let at = 0;
  try {
    for (; at < list.length; at++) write(w, list[at], context);
  } catch (thrown) {
    throw toFault(thrown).within(`[${at}]`);
  }
}

function sliceElements(value: unknown): ArrayLike<unknown> {
  if (value === null || value === undefined) return [];
  return asList(value);
}

function arrayElements(node: ArrayNode): (value: unknown) => ArrayLike<unknown> {
  return (value) => {
    const list = asList(value ?? zeroOf(node));
    if (list.length === node.length) return list;
    throw new Fault("gob-value", `expected ${node.length} elements, got ${list.length}`);
  };
}

function asList(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
    return value as ArrayLike<unknown> & object;
  }
  throw wrongType("an array", value);
}
