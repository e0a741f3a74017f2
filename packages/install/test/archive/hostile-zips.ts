import type { Hostile } from "./hostile.ts";
import { zip } from "./zip-bytes.ts";

const x = { name: "x", content: "hello" };

/** Zip archives that must be refused, with what is said of them. */
export const hostileZips: readonly Hostile[] = [
  ["a path that leads up", zip([{ name: "../escaped" }]), "unsafe-archive", /leads out of its folder/],
  ["an absolute path", zip([{ name: "/escaped" }]), "unsafe-archive", /absolute path/],
  ["a backslash", zip([{ name: "a\\..\\..\\escaped" }]), "unsafe-archive", /backslash/],
  ["a NUL in a name", zip([{ name: "a\0.txt" }]), "unsafe-archive", /do not show/],
  [
    "a name without encoding",
    zip([{ name: Buffer.from([0x81]), flags: 0 }]),
    "unsafe-archive",
    /in which encoding/,
  ],
  ["a name that is no UTF-8", zip([{ name: Buffer.from([0x81]) }]), "bad-archive", /no UTF-8/],
  [
    "a symbolic link",
    zip([{ name: "l", content: "/etc", mode: 0o120777 }]),
    "unsafe-archive",
    /symbolic link/,
  ],
  ["a FIFO", zip([{ name: "p", mode: 0o010644 }]), "unsafe-archive", /a FIFO/],
  ["a device", zip([{ name: "d", mode: 0o020644 }]), "unsafe-archive", /a device/],
  ["a socket", zip([{ name: "s", mode: 0o140644 }]), "unsafe-archive", /a socket/],
  ["a folder by mode alone", zip([{ name: "d", mode: 0o040755 }]), "unsafe-archive", /not by both/],
  ["a file by mode alone", zip([{ name: "d/", mode: 0o100644 }]), "unsafe-archive", /not by both/],
  ["a folder with bytes", zip([{ name: "d/", content: "x" }]), "unsafe-archive", /bytes of its own/],
  ["a file twice", zip([x, x]), "unsafe-archive", /is there twice/],
  ["names that differ in case", zip([x, { name: "X" }]), "unsafe-archive", /case or accents/],
  ["a folder over a file", zip([x, { name: "x/y" }]), "unsafe-archive", /both a file and a folder/],
  ["an encrypted entry", zip([{ ...x, flags: 0x801 }]), "unsafe-archive", /is encrypted/],
  ["strong encryption", zip([{ ...x, flags: 0x841 }]), "bad-archive", /strong encryption/],
  ["masked headers", zip([{ ...x, flags: 0x2800 }]), "unsafe-archive", /is encrypted/],
  ["patched data", zip([{ ...x, flags: 0x820 }]), "bad-archive", /patched data/],
  ["an unknown method", zip([{ ...x, method: 99 }]), "bad-archive", /unknown method 99/],
  [
    "two entries that share data",
    zip([x, { ...x, name: "y", dataOf: 0, localName: "x" }]),
    "unsafe-archive",
    /another name/,
  ],
  ["two records of one entry", zip([x, { ...x, dataOf: 0 }]), "unsafe-archive", /shares bytes/],
  [
    "another name before the data",
    zip([{ ...x, localName: "y" }]),
    "unsafe-archive",
    /another name before its data/,
  ],
  ["a smaller size than true", zip([{ ...x, declaredBytes: 3 }]), "unsafe-archive", /more than the 3 bytes/],
  [
    "a larger size than true",
    zip([{ ...x, declaredBytes: 30 }]),
    "bad-archive",
    /has 5 bytes and declares 30/,
  ],
  [
    "a stored entry of two sizes",
    zip([{ ...x, stored: true, declaredBytes: 3 }]),
    "bad-archive",
    /size mismatch/,
  ],
  ["a wrong CRC", zip([{ ...x, crc: 1 }]), "bad-archive", /CRC-32 of x is wrong/],
  [
    "bytes behind deflated data",
    zip([{ ...x, hidden: "more" }]),
    "bad-archive",
    /4 bytes follow the deflated data/,
  ],
  [
    "no deflated data",
    zip([{ ...x, method: 8, stored: true }]),
    "bad-archive",
    /invalid|incorrect|unexpected/,
  ],
  ["bytes behind its end", zip([x], { suffix: "more" }), "bad-archive", /comment length/],
  ["a gap before the directory", zip([x], { gap: "hidden" }), "bad-archive", /are no entry/],
  [
    "more entries than it says",
    zip([x, { name: "y" }], { declaredEntries: 1 }),
    "bad-archive",
    /more entries than it says/,
  ],
  ["fewer entries than it says", zip([x], { declaredEntries: 2 }), "bad-archive", /./],
  ["a cut directory", zip([x]).subarray(0, 60), "bad-archive", /truncated/],
  ["nothing", zip([{ name: "d/" }]), "bad-archive", /no file/],
];
