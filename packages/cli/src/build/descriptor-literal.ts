/**
 * A message as JSON: its fields and `$`, which is the place of its type in `typeNames`; empty lists are left out.
 * undefined if it holds what JSON does not: bytes, 64-bit integers, or fields that the library does not know.
 */
export function messageLiteral(message: object, typeNames: readonly string[]): string | undefined {
  let fits = true;
  const text = JSON.stringify(message, (_name, value: unknown) => {
    const plain = plainValue(value, typeNames);
    if (plain === undefined) fits = false;
    return plain;
  });
  return fits ? text : undefined;
}

/** What stands for a value, whose parts are looked at after it; undefined if nothing does. */
function plainValue(value: unknown, typeNames: readonly string[]): unknown {
  if (Array.isArray(value) || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { $typeName, ...fields } = value as { readonly $typeName?: unknown };
  const type = typeNames.indexOf(String($typeName));
  // Fields that the library does not know are under `$unknown`.
  if (type < 0 || "$unknown" in fields) return undefined;
  const set = Object.entries(fields).filter(([, field]) => !(Array.isArray(field) && field.length === 0));
  return { $: type, ...Object.fromEntries(set) };
}
