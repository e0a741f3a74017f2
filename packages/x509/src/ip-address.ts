/** The 4 or 16 octets of an IP address in text; undefined if it is none. */
export function ipAddressOctets(text: string): Uint8Array | undefined {
  return text.includes(":") ? version6(text) : version4(text);
}

/** Text of 4 or 16 octets: dotted decimal, or RFC 5952; undefined for any other length. */
export function ipAddressText(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join(".");
  if (octets.length !== 16) return undefined;
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${octets.subarray(12).join(".")}`;
  }
  return compress(groups.map((group) => group.toString(16)));
}

// Four numbers from 0 to 255, without leading zeros: some readers would take those for octal.
function version4(text: string): Uint8Array | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1).map(Number);
  return octets.join(".") === text && octets.every((octet) => octet < 256)
    ? Uint8Array.from(octets)
    : undefined;
}

function version6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupOctets);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const known = head.length + (tail?.length ?? 0);
  if (tail === undefined ? known !== 16 : known > 14) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(16 - known).fill(0), ...(tail ?? [])]);
}

// Groups of one side of "::"; the last one may be an IPv4 address.
function groupOctets(text: string): number[] | undefined {
  if (text === "") return [];
  const octets: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const embedded = index === groups.length - 1 && group.includes(".") ? version4(group) : undefined;
    if (embedded !== undefined) octets.push(...embedded);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(group)) octets.push(...pair(Number.parseInt(group, 16)));
    else return undefined;
  }
  return octets;
}

function pair(group: number): [number, number] {
  return [group >> 8, group & 0xff];
}

// The longest run of at least two zero groups becomes "::" (RFC 5952 4.2).
function compress(groups: readonly string[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length === 1) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}
