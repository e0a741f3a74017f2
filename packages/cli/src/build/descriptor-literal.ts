/**
 * A message as JSON: its fields and `$`, which is the place of its type in `typeNames`; empty lists are left out.
 * undefined if it holds what JSON does not: bytes, 64-bit integers, or fields that the library does not know.
 */
export function messageLiteral(message: object, typeNames: readonly string[]): string | undefined {
  const plain = plainValue(message, typeNames);
  return plain === unfit ? undefined : JSON.stringify(plain);
}

const unfit = Symbol("no JSON");

type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

function plainValue(value: unknown, typeNames: readonly string[]): Plain | typeof unfit {
  if (Array.isArray(value)) return plainList(value, typeNames);
  if (typeof value === "number") return Number.isFinite(value) ? value : unfit;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "object" && value !== null && "$typeName" in value)
    return plainMessage(value, typeNames);
  return unfit;
}

function plainList(values: readonly unknown[], typeNames: readonly string[]): Plain | typeof unfit {
  const plain: Plain[] = [];
  for (const value of values) {
    const one = plainValue(value, typeNames);
    if (one === unfit) return unfit;
    plain.push(one);
  }
  return plain;
}

function plainMessage(
  { $typeName, ...fields }: object & { readonly $typeName: unknown },
  typeNames: readonly string[],
): Plain | typeof unfit {
  const type = typeNames.indexOf(String($typeName));
  // Fields that the library does not know are under `$unknown`.
  if (type < 0 || "$unknown" in fields) return unfit;
  const plain: Record<string, Plain> = { $: type };
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value) && value.length === 0) continue;
    const one = plainValue(value, typeNames);
    if (one === unfit) return unfit;
    plain[name] = one;
  }
  return plain;
}
