// What a Node program would use instead: child_process's own channel, with JSON.
interface Call {
  readonly id: number;
  readonly key: string;
}

const values = new Map([["hello", "world"]]);
process.on("message", ({ id, key }: Call) => process.send?.({ id, value: values.get(key) }));
process.on("disconnect", () => process.exit(0));
